package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.socks.ClientFramer.Message;
import org.qtop.proxy.stream.Kind;

class ClientFramerTest {

    private static final String IPV4_TAIL = "7f0000010050";

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** Feeds a conversation byte by byte and writes down what was found. */
    private static String framed(String hex) {
        ClientFramer framer = new ClientFramer();
        ByteBuf all = bytes(hex);
        ByteBuf in = Unpooled.buffer();
        StringBuilder found = new StringBuilder();
        while (all.isReadable()) {
            in.writeByte(all.readByte());
            Message message = framer.next(in, in.readerIndex());
            if (message == Message.OPAQUE) {
                return found + "OPAQUE";
            }
            if (message == Message.REQUEST || message == Message.GREETING || message == Message.LOGIN) {
                found.append(message == Message.REQUEST ? framer.kind() : message).append(framer.length()).append(' ');
                in.skipBytes(framer.length());
            }
        }
        return found.append("left").append(in.readableBytes()).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "050100 05010001" + IPV4_TAIL + ", GREETING3 CONNECT10 left0",
        "05020002 05010001" + IPV4_TAIL + ", GREETING4 CONNECT10 left0",
        "050102 01026162036364ff 05f00003 0141 0000, GREETING3 LOGIN8 RESOLVE8 left0",
        "050102 010000 05f10004 00000000000000000000000000000001 0000, GREETING3 LOGIN3 RESOLVE_PTR22 left0",
        "050100 010000 05010003 00 0050, GREETING3 LOGIN3 CONNECT7 left0",
        "0401 0050 7f000001 00, CONNECT9 left0",
        "0401 0050 7f000001 616200, CONNECT11 left0",
        "0401 0050 00000001 00 6100, CONNECT11 left0",
        "04f0 0000 00000001 00 6100, RESOLVE11 left0"})
    void shouldFindEveryMessageWhenItComesByteByByte(String hex, String found) {
        assertEquals(found, framed(hex));
    }

    @ParameterizedTest
    @ValueSource(strings = {"47455420", "0500", "06", "00", "050100 05020001" + IPV4_TAIL,
        "050100 05010101" + IPV4_TAIL,
        "050100 05010002" + IPV4_TAIL, "050100 07", "0402 0050 7f000001 00"})
    void shouldLeaveToTorWhatTorWouldOpenNoStreamFor(String hex) {
        String found = framed(hex);
        assertEquals("OPAQUE", found.substring(found.length() - 6), found);
    }

    @Test
    void shouldFindEveryMessageWhenAllComesAtOnceWithEarlyData() {
        ClientFramer framer = new ClientFramer();
        ByteBuf in = bytes("050100 05010001" + IPV4_TAIL + "deadbeef");
        assertEquals(Message.GREETING, framer.next(in, in.readerIndex()));
        in.skipBytes(framer.length());
        assertEquals(Message.REQUEST, framer.next(in, in.readerIndex()));
        assertEquals(Kind.CONNECT, framer.kind());
        assertEquals(4, in.readableBytes() - framer.length());
    }

    @Test
    void shouldNotLookForTheEndOfASocks4RequestForEver() {
        ClientFramer framer = new ClientFramer();
        ByteBuf in = Unpooled.buffer().writeBytes(bytes("0401 0050 7f000001"));
        in.writeBytes("x".repeat(ClientFramer.SOCKS4_LIMIT).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertEquals(Message.OPAQUE, framer.next(in, in.readerIndex()));
    }

    @Test
    void shouldFindTheLongestLogin() {
        String login = "01ff" + "41".repeat(255) + "ff" + "42".repeat(255);
        assertEquals("GREETING3 LOGIN513 left0", framed("050102" + login));
    }
}
