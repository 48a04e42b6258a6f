package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyFramerTest {

    @ParameterizedTest
    @CsvSource({
        "5, 0500 05000001000000000000, 0",
        "5, 0502 0100 05010001000000000000, 1",
        "5, 0502 0100 05f0000400000000000000000000000000000000 0000, 240",
        "5, 0500 05000003 03616263 0000, 0",
        "5, 0100 05000001000000000000, 0",
        "5, 05010001000000000000, 1",
        "5, 0502 0100 0504000000000000 0000, 4",
        "4, 0500 0100 005a000000000000, 90",
        "67, 485454500d0a0d0d0a0d0a, -1",
        "4, 005a000000000000, 90",
        "4, 005b000000000000, 91"})
    void shouldSeeTheReplyEndOnItsLastByteWhateverTheCuts(int version, String hex, int code) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        ReplyFramer framer = new ReplyFramer(version);
        for (int i = 0; i < bytes.length - 1; i++) {
            assertEquals(ReplyFramer.NOT_YET, framer.end(Unpooled.wrappedBuffer(bytes, i, 1)), "after byte " + i);
        }
        assertEquals(1, framer.end(Unpooled.wrappedBuffer(bytes, bytes.length - 1, 1)));
        assertEquals(code, framer.code());
        ByteBuf whole = Unpooled.wrappedBuffer(bytes, new byte[] {1, 2, 3});
        assertEquals(bytes.length, new ReplyFramer(version).end(whole));
        assertEquals(bytes.length + 3, whole.readableBytes(), "nothing is consumed");
    }
}
