package org.qtop.proxy.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts what Tor sends into whole replies and events, and lets nothing else through. Confined to one thread at a time.
 *
 * <p>Source: Tor control-spec, "Replies from Tor to the controller".
 */
final class ReplyReader {

    /** The longest line in bytes. Tor's longest are lists of circuits and configuration values, far below. */
    static final int MAX_LINE_BYTES = 1 << 20;

    /** The longest reply in bytes: {@code GETINFO ns/all} of the public network is about 5 MB. */
    static final int MAX_REPLY_BYTES = 1 << 25;

    private static final int BUFFER_BYTES = 1 << 14;

    /**
     * One reply or event.
     *
     * @param reply its code and lines
     * @param raw its lines as they came, each with CR and LF
     */
    record Whole(ControlReply reply, String raw) {

        /**
         * Tells whether it is an event rather than the reply to a command.
         *
         * @return true for the codes 600 to 699
         */
        boolean event() {
            return reply.code() / 100 == 6;
        }
    }

    private final ReadableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private byte[] line = new byte[256];
    private int replyBytes;

    ReplyReader(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the next reply or event.
     *
     * @return it, or null if the other side closed the connection between two
     * @throws MalformedReplyException if something came that the protocol does not allow, an end within a reply
     *     included
     * @throws IOException if the connection broke
     */
    Whole next() throws IOException {
        StringBuilder raw = new StringBuilder();
        List<String> lines = new ArrayList<>(2);
        replyBytes = 0;
        int failure = 0;
        while (true) {
            String text = readLine(lines.isEmpty());
            if (text == null) {
                return null;
            }
            int code = code(text);
            char separator = text.charAt(3);
            raw.append(text).append("\r\n");
            String words = text.substring(4);
            lines.add(separator == '+' ? words + '\n' + readData(raw) : words);
            failure = failure == 0 && code / 100 != 2 ? code : failure;
            if (separator == ' ') {
                return new Whole(new ControlReply(failure == 0 ? code : failure, lines), raw.toString());
            }
        }
    }

    /** Reads the lines up to a lone dot; {@code raw} keeps them as they are, what is returned has the dots undone. */
    private String readData(StringBuilder raw) throws IOException {
        StringBuilder data = new StringBuilder();
        while (true) {
            String text = readLine(false);
            raw.append(text).append("\r\n");
            if (text.equals(".")) {
                return data.toString();
            }
            if (!data.isEmpty()) {
                data.append('\n');
            }
            data.append(text, text.startsWith(".") ? 1 : 0, text.length());
        }
    }

    private static int code(String text) throws MalformedReplyException {
        if (text.length() < 4 || " -+".indexOf(text.charAt(3)) < 0) {
            throw new MalformedReplyException("it sent a line that is none of the control protocol");
        }
        int code = 0;
        for (int i = 0; i < 3; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new MalformedReplyException("it sent a line without a reply code");
            }
            code = code * 10 + digit;
        }
        if (code < 200 || code > 699) {
            throw new MalformedReplyException("it sent the reply code " + code);
        }
        return code;
    }

    /** Reads one line without its end; a CR within it becomes a space, which jtorctl would take for a line's end. */
    private String readLine(boolean mayEnd) throws IOException {
        int length = 0;
        while (true) {
            if (!buffer.hasRemaining() && !fill()) {
                if (length == 0 && mayEnd) {
                    return null;
                }
                throw new MalformedReplyException("closed in the middle of a reply");
            }
            byte b = buffer.get();
            if (b == '\n') {
                break;
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = b;
            if (length > MAX_LINE_BYTES || ++replyBytes > MAX_REPLY_BYTES) {
                throw new MalformedReplyException("it sent a line or a reply without end");
            }
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return new String(line, 0, length, StandardCharsets.ISO_8859_1).replace('\r', ' ');
    }

    private boolean fill() throws IOException {
        buffer.clear();
        int read = channel.read(buffer);
        buffer.flip();
        return read > 0;
    }

    /** Something came that the control protocol does not allow. */
    static final class MalformedReplyException extends IOException {

        private static final long serialVersionUID = 1L;

        MalformedReplyException(String message) {
            super(message);
        }
    }
}
