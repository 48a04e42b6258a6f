package org.qtop.proxy.privatenet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The exits' name server. */
class LoopbackDnsTest {
    private static final int A = 1;
    private static final int PTR = 12;
    private static final int AAAA = 28;

    private static byte[] query(String name, int type) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(new byte[] {0, 0, (byte) type, 0, 1});
        return out.toByteArray();
    }

    private static int rcode(byte[] reply) {
        return reply[3] & 0x0f;
    }

    private static byte[] end(byte[] reply, int length) {
        return Arrays.copyOfRange(reply, reply.length - length, reply.length);
    }

    @Test
    void shouldAnswerLocalhostAsItWasSpelt() {
        byte[] query = query("LOcaLhost", A);
        byte[] reply = LoopbackDns.answer(query);
        assertEquals("1234" + "8580" + "0001000100000000" + HexFormat.of().formatHex(query, 12, query.length)
                + "c00c" + "0001" + "0001" + "0000003c" + "0004" + "7f000001", HexFormat.of().formatHex(reply));
    }

    @Test
    void shouldAnswerNamesBelowLocalhost() {
        assertArrayEquals(new byte[] {127, 0, 0, 1}, end(LoopbackDns.answer(query("www.site.localhost", A)), 4));
    }

    @Test
    void shouldSayThatLocalhostHasNoOtherAddress() {
        byte[] reply = LoopbackDns.answer(query("localhost", AAAA));
        assertEquals(0, rcode(reply));
        assertEquals(0, reply[7], "answers");
    }

    @Test
    void shouldNameTheAddressForTests() {
        byte[] reply = LoopbackDns.answer(query("1.2.0.192.in-addr.arpa", PTR));
        assertEquals("\tlocalhost\0", new String(end(reply, 11), StandardCharsets.US_ASCII));
    }

    @Test
    void shouldSayThatOtherNamesDoNotExist() {
        assertEquals(3, rcode(LoopbackDns.answer(query("example.com", A))));
        assertEquals(3, rcode(LoopbackDns.answer(query("notlocalhost", A))));
    }

    @Test
    void shouldAnswerNoReplyAndNothingShort() {
        byte[] reply = query("localhost", A);
        reply[2] |= (byte) 0x80;
        assertEquals(0, LoopbackDns.answer(reply).length);
        assertEquals(0, LoopbackDns.answer(new byte[11]).length);
    }

    @Test
    void shouldSurviveAnyBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] valid = query("www.localhost", A);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(valid, random.nextInt(valid.length + 20));
            for (int changes = random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] reply = LoopbackDns.answer(bytes);
            assertTrue(reply.length == 0 || reply.length >= 12, "seed " + seed);
        }
    }

    @Test
    void shouldAnswerOverUdp() throws IOException {
        try (LoopbackDns dns = new LoopbackDns(); DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(30_000);
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            byte[] query = query("localhost", A);
            socket.send(new DatagramPacket(query, query.length, loopback, dns.port()));
            DatagramPacket reply = new DatagramPacket(new byte[512], 512);
            socket.receive(reply);
            assertArrayEquals(LoopbackDns.answer(query), Arrays.copyOf(reply.getData(), reply.getLength()));
        }
    }
}
