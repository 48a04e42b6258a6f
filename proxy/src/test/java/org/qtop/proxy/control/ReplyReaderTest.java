package org.qtop.proxy.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {

    /** Gives the text in pieces of at most {@code most} bytes, then the end. */
    private static ReplyReader reader(String text, int most) {
        ByteBuffer source = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        return new ReplyReader(new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer target) {
                if (!source.hasRemaining()) {
                    return -1;
                }
                int count = Math.min(Math.min(most, source.remaining()), target.remaining());
                target.put(source.slice().limit(count));
                source.position(source.position() + count);
                return count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {
                source.position(source.limit());
            }
        });
    }

    private static List<ControlReply> all(String text, int most) throws IOException {
        ReplyReader reader = reader(text, most);
        List<ControlReply> replies = new ArrayList<>();
        for (ReplyReader.Whole whole = reader.next(); whole != null; whole = reader.next()) {
            replies.add(whole.reply());
        }
        return replies;
    }

    @Test
    void shouldReadRepliesHoweverTheyAreCut() throws IOException {
        String text = "250 OK\r\n250-a=1\r\n250+b=\r\nx\r\n..y\r\n.\r\n250 OK\r\n650 STREAM 1 NEW 0 x:1\r\n552 \r\n";
        List<ControlReply> expected = List.of(new ControlReply(250, List.of("OK")),
                new ControlReply(250, List.of("a=1", "b=\nx\n.y", "OK")),
                new ControlReply(650, List.of("STREAM 1 NEW 0 x:1")), new ControlReply(552, List.of("")));
        for (int most = 1; most <= text.length(); most++) {
            assertEquals(expected, all(text, most));
        }
    }

    @Test
    void shouldGiveTheCodeOfWhatWentWrong() throws IOException {
        assertEquals(552, all("552-Unrecognized key\r\n552 and another\r\n", 99).get(0).code());
        assertEquals(513, all("250-a=1\r\n513 no\r\n", 99).get(0).code());
        assertEquals(552, all("552-no\r\n250 OK\r\n", 99).get(0).code());
    }

    @Test
    void shouldKeepTheRawTextForJtorctl() throws IOException {
        String text = "250+b=\r\nx\r\n..y\r\n.\r\n250 OK\r\n";
        assertEquals(text, reader(text, 3).next().raw());
        assertEquals("250 a b\r\n", reader("250 a\rb\n", 3).next().raw());
        assertTrue(reader("650 A b\r\n", 3).next().event());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "2\r\n", "250\r\n", "25x OK\r\n", "HTTP/1.0 501 no\r\n", "SSH-2.0-OpenSSH\r\n",
            "250*OK\r\n", "150 OK\r\n", "750 OK\r\n", "-50 OK\r\n", "250-OK\r\nhello\r\n"})
    void shouldRefuseWhatIsNoReply(String text) {
        assertThrows(ReplyReader.MalformedReplyException.class, () -> all(text, 99));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "250 OK", "250 OK\r", "250-a\r\n", "250+a=\r\nx\r\n", "250+a=\r\n."})
    void shouldTellAnEndWithinAReplyFromOneBetweenTwo(String text) throws IOException {
        assertThrows(IOException.class, () -> all(text, 99));
        assertNull(reader("", 9).next());
    }

    @Test
    void shouldRefuseALineWithoutEnd() {
        String line = "250 " + "x".repeat(ReplyReader.MAX_LINE_BYTES) + "\r\n";
        assertThrows(ReplyReader.MalformedReplyException.class, () -> all(line, 1 << 20));
        String reply = ("250-" + "x".repeat(1 << 19) + "\r\n").repeat(65) + "250 OK\r\n";
        assertThrows(ReplyReader.MalformedReplyException.class, () -> all(reply, 1 << 20));
    }

    @Test
    void shouldOnlyEverThrowIOExceptions() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String model = "250+b=\r\nx\r\n.\r\n250-c\r\n250 OK\r\n650 A b\r\n";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(model);
            for (int n = random.nextInt(5); n >= 0; n--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
            }
            try {
                all(text.toString(), 1 + random.nextInt(20));
            } catch (IOException e) {
                // What the reader is for.
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
