package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.stream.Kind;

class ReplyFamilyTest {

    private static final String ZERO_IPV4 = "01" + "00000000" + "0000";
    private static final String ZERO_IPV6 = "04" + "00000000000000000000000000000000" + "0000";

    private static String through(boolean overIpv4, Kind kind, String hex, int piece) {
        return through(overIpv4, ClientFramer.SOCKS5, kind, true, hex, piece);
    }

    private static String through(boolean overIpv4, int version, Kind kind, boolean nameTaken, String hex, int piece) {
        EmbeddedChannel client = new EmbeddedChannel();
        ReplyFamily.addTo(client, overIpv4, !overIpv4);
        ReplyFamily.expect(client, version, kind, () -> nameTaken);
        byte[] bytes = HexFormat.of().parseHex(hex);
        for (int at = 0; at < bytes.length; at += piece) {
            client.writeOutbound(Unpooled.copiedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
        }
        StringBuilder all = new StringBuilder();
        for (ByteBuf out = client.readOutbound(); out != null; out = client.readOutbound()) {
            all.append(ByteBufUtil.hexDump(out));
            out.release();
        }
        client.finishAndReleaseAll();
        return all.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void shouldGiveTheReplyTheAddressTypeThatTheClientExpects(int piece) {
        for (String before : new String[] {"", "0500", "05020100", "0100"}) {
            for (String code : new String[] {"00", "01", "05", "f0"}) {
                String ipv4 = before + "05" + code + "00" + ZERO_IPV4 + "05000001ff";
                String ipv6 = before + "05" + code + "00" + ZERO_IPV6 + "05000001ff";
                assertEquals(ipv6, through(false, Kind.CONNECT, ipv4, piece));
                assertEquals(ipv4, through(true, Kind.CONNECT, ipv6, piece));
                assertEquals(ipv4, through(true, Kind.CONNECT, ipv4, piece));
                assertEquals(ipv6, through(false, Kind.CONNECT, ipv6, piece));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"RESOLVE, 05000500000100000000ffff", "RESOLVE_PTR, 0500050000030161ffff",
        "CONNECT, 005a000000000000ff", "CONNECT, 485454502f312e3020323030", "CONNECT, 050005000003016100000501"})
    void shouldLeaveEverythingElseAlone(Kind kind, String hex) {
        assertEquals(hex, through(false, kind, hex, 1));
        assertEquals(hex, through(true, kind, hex, 100));
    }

    @Test
    void shouldLeaveAReplyAloneThatAnswersNoRequest() {
        EmbeddedChannel client = new EmbeddedChannel();
        ReplyFamily.addTo(client, false, true);
        client.writeOutbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex("05000507000100000000" + "0000")));
        ByteBuf out = client.readOutbound();
        assertEquals("050005070001000000000000", ByteBufUtil.hexDump(out));
        out.release();
        client.finishAndReleaseAll();
    }

    /** Where both sides are of one family, what Tor says is right, and what we say is not yet. */
    @Test
    void shouldChangeOnlyOurOwnReplyWhereTorIsReachedInTheClientsFamily() {
        String reply = "050200" + ZERO_IPV4;
        EmbeddedChannel ofTor = new EmbeddedChannel();
        ReplyFamily.addTo(ofTor, false, false);
        ReplyFamily.expect(ofTor, ClientFramer.SOCKS5, Kind.CONNECT, () -> true);
        assertEquals(reply, written(ofTor, reply));
        EmbeddedChannel ours = new EmbeddedChannel();
        ReplyFamily.addTo(ours, false, false);
        ReplyFamily.expectOurs(ours, ClientFramer.SOCKS5, Kind.CONNECT);
        assertEquals("050200" + ZERO_IPV6, written(ours, reply));
    }

    private static String written(EmbeddedChannel client, String hex) {
        client.writeOutbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
        ByteBuf out = client.readOutbound();
        try {
            return ByteBufUtil.hexDump(out);
        } finally {
            out.release();
            client.finishAndReleaseAll();
        }
    }

    @Test
    void shouldTellARefusalOfTorsParserFromAFailedStream() {
        String refused = "0500" + "050100" + ZERO_IPV4;
        assertEquals(refused, through(false, ClientFramer.SOCKS5, Kind.CONNECT, false, refused, 100));
        assertEquals("0500" + "050100" + ZERO_IPV6, through(false, Kind.CONNECT, refused, 100));
    }

    @ParameterizedTest
    @CsvSource({"4, 005a000000000000ff", "4, 0500005a000000000000ff", "67, 485454502f312e3020323030"})
    void shouldLeaveOtherProtocolsAlone(int version, String hex) {
        assertEquals(hex, through(false, version, Kind.CONNECT, true, hex, 1));
    }

    @ParameterizedTest
    @CsvSource({"localhost, true", "localhost., true", "a_b-c.1, true", "::1, true", "[::1], true", "256.1.1.1, true",
        "-a, false", "_a, false", "a..b, false", "., false", ".a, false", "a b, false", "'', false", "[], false",
        "::1%lo, false", "a!b, false"})
    void shouldKnowWhichNamesTorTakes(String name, boolean taken) {
        ByteBuf request = Unpooled.buffer().writeByte(5).writeByte(1).writeByte(0).writeByte(3)
                .writeByte(name.length()).writeBytes(name.getBytes(StandardCharsets.US_ASCII)).writeShort(80);
        assertEquals(taken, TorNames.takes(request));
    }
}
