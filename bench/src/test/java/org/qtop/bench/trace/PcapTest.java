package org.qtop.bench.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures are made here by hand, octet by octet. */
class PcapTest {

    private static final String CLIENT = "10.0.0.1";
    private static final String GUARD = "192.0.2.7";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream capture = new ByteArrayOutputStream();
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    private void begin(int magic, int linkType) {
        capture.writeBytes(ByteBuffer.allocate(24).order(order).putInt(magic).putShort((short) 2).putShort((short) 4)
                .putInt(0).putInt(0).putInt(65_535).putInt(linkType).array());
    }

    private void packet(int seconds, int fraction, byte[] captured, int length) {
        capture.writeBytes(ByteBuffer.allocate(16).order(order).putInt(seconds).putInt(fraction)
                .putInt(captured.length).putInt(length).array());
        capture.writeBytes(captured);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] ip4(String from, String to, int protocol, int payload) throws IOException {
        return join(ByteBuffer.allocate(12).put((byte) 0x45).put((byte) 0).putShort((short) (40 + payload)).putInt(0)
                .put((byte) 64).put((byte) protocol).putShort((short) 0).array(),
                InetAddress.getByName(from).getAddress(), InetAddress.getByName(to).getAddress(), tcp(),
                new byte[payload]);
    }

    private static byte[] ip6(String from, String to, int payload) throws IOException {
        return join(ByteBuffer.allocate(8).putInt(0x60000000).putShort((short) (8 + 20 + payload)).put((byte) 60)
                .put((byte) 64).array(), InetAddress.getByName(from).getAddress(),
                InetAddress.getByName(to).getAddress(), new byte[] {6, 0, 1, 4, 0, 0, 0, 0}, tcp(),
                new byte[payload]);
    }

    private static byte[] tcp() {
        return ByteBuffer.allocate(20).putShort((short) 9001).putShort((short) 40_000).putInt(0).putInt(0)
                .put((byte) 0x50).put((byte) 0x18).array();
    }

    private static byte[] link(int type, byte[] ip) {
        short protocol = (short) ((ip[0] & 0xf0) == 0x40 ? 0x0800 : 0x86dd);
        return switch (type) {
            case 1 -> join(ByteBuffer.allocate(18).position(12).putShort((short) 0x8100).putShort((short) 5)
                    .putShort(protocol).array(), ip);
            case 113 -> join(ByteBuffer.allocate(16).position(14).putShort(protocol).array(), ip);
            case 276 -> join(ByteBuffer.allocate(20).putShort(protocol).array(), ip);
            default -> ip;
        };
    }

    private Trace read(String client) throws IOException {
        Path file = folder.resolve("a.pcap");
        Files.write(file, capture.toByteArray());
        return Pcap.read(file, InetAddress.getByName(client));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 101, 113, 276})
    void shouldReadEachLinkType(int type) throws IOException {
        begin(0xa1b2c3d4, type);
        packet(7, 5, link(type, ip4(CLIENT, GUARD, 6, 543)), 600);
        packet(7, 9, link(type, ip4(GUARD, CLIENT, 6, 1_448)), 1_500);
        packet(8, 0, link(type, ip4(GUARD, CLIENT, 6, 0)), 60);
        packet(8, 1, link(type, ip4(GUARD, CLIENT, 17, 99)), 160);
        packet(8, 2, link(type, ip4(GUARD, "10.0.0.9", 6, 99)), 160);
        assertEquals(new Trace.Builder().add(7_000_005_000L, true, 543).add(7_000_009_000L, false, 1_448).build(),
                read(CLIENT));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldReadNanosecondsAndBothByteOrders(boolean big) throws IOException {
        order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        begin(0xa1b23c4d, 1);
        packet(1, 3, link(1, ip6("2001:db8::1", "2001:db8::2", 100)), 200);
        packet(1, 2, link(1, ip6("2001:db8::2", "2001:db8::1", 7)), 200);
        assertEquals(new Trace.Builder().add(1_000_000_002L, false, 7).add(1_000_000_003L, true, 100).build(),
                read("2001:db8::1"));
    }

    @Test
    void shouldCountWhatWasNotCaptured() throws IOException {
        begin(0xa1b2c3d4, 101);
        packet(0, 0, Arrays.copyOf(ip4(CLIENT, GUARD, 6, 1_000), 64), 1_040);
        byte[] offloaded = Arrays.copyOf(ip4(CLIENT, GUARD, 6, 9_000), 64);
        offloaded[2] = 0;
        offloaded[3] = 0;
        packet(0, 1, offloaded, 9_040);
        assertEquals(new Trace.Builder().add(0, true, 1_000).add(1_000, true, 9_000).build(), read(CLIENT));
    }

    @Test
    void shouldRefuseWhatItCannotRead() throws IOException {
        begin(0xa1b2c3d4, 105);
        assertTrue(assertThrows(TraceException.class, () -> read(CLIENT)).getMessage().contains("link type 105"));
        capture.reset();
        begin(0x0a0d0d0a, 1);
        assertTrue(assertThrows(TraceException.class, () -> read(CLIENT)).getMessage().contains("pcapng"));
        capture.reset();
        begin(0xa1b2c3d4, 101);
        packet(0, 0, ip4(CLIENT, CLIENT, 6, 5), 45);
        assertTrue(assertThrows(TraceException.class, () -> read(CLIENT)).getMessage().contains("direction"));
    }

    @Test
    void shouldRefuseACutAndSurviveAnyDamage() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        begin(0xa1b2c3d4, 1);
        packet(7, 5, link(1, ip4(CLIENT, GUARD, 6, 43)), 600);
        packet(7, 6, link(1, ip6("::1", "::2", 43)), 600);
        byte[] all = capture.toByteArray();
        int second = 24 + 16 + 18 + 83;
        for (int length = 0; length < all.length; length++) {
            byte[] cut = Arrays.copyOf(all, length);
            if (length != 24 && length != second) {
                assertThrows(TraceException.class, () -> Pcap.read(ByteBuffer.wrap(cut),
                        InetAddress.getByName(CLIENT)), "cut to " + length);
            }
        }
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = all.clone();
            for (int left = 1 + random.nextInt(4); left > 0; left--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                Pcap.read(ByteBuffer.wrap(damaged), InetAddress.getByName(CLIENT));
            } catch (TraceException refused) {
                assertTrue(!refused.getMessage().isBlank());
            } catch (RuntimeException broken) {
                throw new AssertionError("seed " + seed + ": " + Arrays.toString(damaged), broken);
            }
        }
    }
}
