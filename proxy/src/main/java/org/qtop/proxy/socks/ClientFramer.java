package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.qtop.proxy.stream.Kind;

/**
 * Finds where each message of a client ends, up to its request. Reads bytes by index and consumes none. Confined to one
 * event loop.
 *
 * <p>It errs on the side of holding: whatever some Tor would open a stream for is a request here, also where the Tor at
 * hand would refuse it (no login after method 02, a second login, a reserved user name), because what it lets pass as
 * opaque is not held. As at Tor, each message is told by its own first byte, so a SOCKS4 request may follow a SOCKS5
 * greeting.
 *
 * <p>Sources: RFC 1928 (greeting, request), RFC 1929 (login), Tor's socks-extensions (commands F0 and F1; a login after
 * any greeting), the SOCKS4 and SOCKS4a memoranda, RFC 9110 section 9.3.6 (CONNECT).
 */
public final class ClientFramer {

    /** The longest SOCKS4 request: Tor takes 8 bytes, a user id of 512 and a name of 256 with their zeros, no more. */
    static final int SOCKS4_LIMIT = 1_024;
    /** What the head of an HTTP request, its empty line included, must stay below at Tor's HTTPTunnelPort. */
    static final int HTTP_LIMIT = 8_192;

    static final int SOCKS5 = 5;
    static final int SOCKS4 = 4;
    /** Stands for HTTP where others have a version of SOCKS. */
    static final int HTTP = 'C';
    static final int LOGIN_VERSION = 1;
    static final int COMMAND_CONNECT = 0x01;
    static final int COMMAND_RESOLVE = 0xF0;
    static final int COMMAND_RESOLVE_PTR = 0xF1;
    static final int ADDRESS_NAME = 3;

    private static final int ADDRESS_IPV4 = 1;
    private static final int ADDRESS_IPV6 = 4;
    private static final int SOCKS4_FIXED = 8;
    private static final ByteBuf CONNECT = ascii("CONNECT ");
    private static final ByteBuf END_OF_HEAD = ascii("\r\n\r\n");

    /** What the next bytes are. */
    public enum Message {
        /** A message of SOCKS that is not whole yet. */
        INCOMPLETE,
        /** Too few bytes to tell an HTTP CONNECT from what Tor's SOCKS port refuses. */
        UNDECIDED,
        /** An HTTP CONNECT whose head is not whole yet. */
        CONNECT_HEAD,
        /** An HTTP CONNECT whose head is longer than Tor takes. */
        CONNECT_TOO_LONG,
        /** The methods that the client offers. */
        GREETING,
        /** User name and password. */
        LOGIN,
        /** The request. */
        REQUEST,
        /** Nothing that Tor would open a stream for, now or after more bytes. */
        OPAQUE
    }

    private int version;
    private boolean greeted;
    private boolean greetedAtMark;
    private int length;
    private Kind kind;

    private static ByteBuf ascii(String text) {
        return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII)).asReadOnly();
    }

    /**
     * Looks at the next message.
     *
     * @param in the conversation
     * @param from index of the message's first byte
     * @return what begins there; for GREETING, LOGIN and REQUEST, {@link #length} tells how far it goes
     */
    public Message next(ByteBuf in, int from) {
        if (from == in.writerIndex()) {
            return Message.INCOMPLETE;
        }
        int first = in.getUnsignedByte(from);
        if (version == 0 || first == SOCKS4) {
            version = first;
        }
        return switch (first) {
            case SOCKS4 -> socks4(in, from);
            case SOCKS5 -> greeted ? request(in, from) : greeting(in, from);
            case LOGIN_VERSION -> greeted ? login(in, from) : Message.OPAQUE;
            case HTTP -> version == HTTP ? http(in, from) : Message.OPAQUE;
            default -> Message.OPAQUE;
        };
    }

    /** Remembers this point between two messages, for {@link #reset}. */
    void mark() {
        greetedAtMark = greeted;
    }

    /** Goes back to the last {@link #mark}. */
    void reset() {
        greeted = greetedAtMark;
    }

    private Message greeting(ByteBuf in, int from) {
        int left = in.writerIndex() - from;
        if (left < 2) {
            return Message.INCOMPLETE;
        }
        int methods = in.getUnsignedByte(from + 1);
        if (methods == 0) {
            return Message.OPAQUE;
        }
        greeted = left >= 2 + methods;
        return whole(left, 2 + methods, Message.GREETING);
    }

    private Message login(ByteBuf in, int from) {
        int left = in.writerIndex() - from;
        if (left < 2) {
            return Message.INCOMPLETE;
        }
        int passwordAt = 2 + in.getUnsignedByte(from + 1);
        if (left <= passwordAt) {
            return Message.INCOMPLETE;
        }
        return whole(left, passwordAt + 1 + in.getUnsignedByte(from + passwordAt), Message.LOGIN);
    }

    private Message request(ByteBuf in, int from) {
        int left = in.writerIndex() - from;
        if (left < 5) {
            return Message.INCOMPLETE;
        }
        kind = kindOf(in.getUnsignedByte(from + 1));
        int addressLength = switch (in.getUnsignedByte(from + 3)) {
            case ADDRESS_IPV4 -> 4;
            case ADDRESS_IPV6 -> 16;
            case ADDRESS_NAME -> 1 + in.getUnsignedByte(from + 4);
            default -> -1;
        };
        if (kind == null || in.getByte(from + 2) != 0 || addressLength < 0) {
            return Message.OPAQUE;
        }
        return whole(left, 4 + addressLength + 2, Message.REQUEST);
    }

    private Message socks4(ByteBuf in, int from) {
        int left = in.writerIndex() - from;
        if (left < SOCKS4_FIXED) {
            return Message.INCOMPLETE;
        }
        kind = kindOf(in.getUnsignedByte(from + 1));
        if (kind == null) {
            return Message.OPAQUE;
        }
        int end = afterZero(in, from + SOCKS4_FIXED);
        boolean named = in.getMedium(from + 4) == 0 && in.getByte(from + 7) != 0;
        if (end > 0 && named) {
            end = afterZero(in, end);
        }
        if (end < 0) {
            return left > SOCKS4_LIMIT ? Message.OPAQUE : Message.INCOMPLETE;
        }
        return whole(left, end - from, Message.REQUEST);
    }

    private static int afterZero(ByteBuf in, int from) {
        int zero = in.indexOf(from, in.writerIndex(), (byte) 0);
        return zero < 0 ? -1 : zero + 1;
    }

    private Message http(ByteBuf in, int from) {
        int left = in.writerIndex() - from;
        int known = Math.min(left, CONNECT.readableBytes());
        if (!ByteBufUtil.equals(in, from, CONNECT, 0, known)) {
            return Message.OPAQUE;
        }
        kind = Kind.CONNECT;
        int end = ByteBufUtil.indexOf(END_OF_HEAD, in.slice(from, Math.min(left, HTTP_LIMIT)));
        int size = end + END_OF_HEAD.readableBytes();
        if (end >= 0 && size < HTTP_LIMIT) {
            return whole(left, size, Message.REQUEST);
        }
        return end >= 0 || left > HTTP_LIMIT ? Message.CONNECT_TOO_LONG
                : left < CONNECT.readableBytes() ? Message.UNDECIDED : Message.CONNECT_HEAD;
    }

    private static Kind kindOf(int command) {
        return switch (command) {
            case COMMAND_CONNECT -> Kind.CONNECT;
            case COMMAND_RESOLVE -> Kind.RESOLVE;
            case COMMAND_RESOLVE_PTR -> Kind.RESOLVE_PTR;
            default -> null;
        };
    }

    private Message whole(int left, int size, Message message) {
        if (left < size) {
            return Message.INCOMPLETE;
        }
        length = size;
        return message;
    }

    /**
     * The size of the message that {@link #next} found.
     *
     * @return bytes
     */
    int length() {
        return length;
    }

    /**
     * What the request that {@link #next} found asks for.
     *
     * @return the kind
     */
    Kind kind() {
        return kind;
    }

    /**
     * The version that the client speaks, as its last message tells.
     *
     * @return {@link #SOCKS5}, {@link #SOCKS4}, {@link #HTTP}, another first byte, or 0 before any byte
     */
    int version() {
        return version;
    }
}
