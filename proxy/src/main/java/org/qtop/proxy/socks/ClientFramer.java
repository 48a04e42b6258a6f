package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import org.qtop.proxy.stream.Kind;

/**
 * Finds where each message of a client ends, up to its request. Reads bytes by index and consumes none. Confined to one
 * event loop.
 *
 * <p>Sources: RFC 1928 (greeting, request), RFC 1929 (login), Tor's socks-extensions (commands F0 and F1; a login after
 * any greeting), the SOCKS4 and SOCKS4a memoranda.
 */
final class ClientFramer {

    /** The longest SOCKS4 request looked at: Tor's own window is half of this. */
    static final int SOCKS4_LIMIT = 1_024;

    static final int SOCKS5 = 5;
    static final int SOCKS4 = 4;
    static final int LOGIN_VERSION = 1;
    static final int COMMAND_CONNECT = 0x01;
    static final int COMMAND_RESOLVE = 0xF0;
    static final int COMMAND_RESOLVE_PTR = 0xF1;

    private static final int ADDRESS_IPV4 = 1;
    private static final int ADDRESS_NAME = 3;
    private static final int ADDRESS_IPV6 = 4;
    private static final int SOCKS4_FIXED = 8;

    /** What the next bytes are. */
    enum Message {
        /** Not whole yet. */
        INCOMPLETE,
        /** The methods that the client offers. */
        GREETING,
        /** User name and password. */
        LOGIN,
        /** The request. */
        REQUEST,
        /** Nothing that Tor would open a stream for. */
        OPAQUE
    }

    private int version;
    private int length;
    private Kind kind;

    /**
     * Looks at the next message.
     *
     * @param in the bytes not yet consumed
     * @return what they begin with; unless INCOMPLETE or OPAQUE, {@link #length} tells how far it goes
     */
    Message next(ByteBuf in) {
        if (!in.isReadable()) {
            return Message.INCOMPLETE;
        }
        int first = in.getUnsignedByte(in.readerIndex());
        if (version == 0) {
            version = first;
            return first == SOCKS5 ? greeting(in) : first == SOCKS4 ? socks4(in) : Message.OPAQUE;
        }
        if (version == SOCKS4) {
            return socks4(in);
        }
        if (version != SOCKS5) {
            return Message.OPAQUE;
        }
        if (length == 0) {
            return greeting(in);
        }
        return first == LOGIN_VERSION ? login(in) : first == SOCKS5 ? request(in) : Message.OPAQUE;
    }

    private Message greeting(ByteBuf in) {
        if (in.readableBytes() < 2) {
            return Message.INCOMPLETE;
        }
        int methods = byteAt(in, 1);
        return methods == 0 ? Message.OPAQUE : whole(in, 2 + methods, Message.GREETING);
    }

    private Message login(ByteBuf in) {
        if (in.readableBytes() < 2) {
            return Message.INCOMPLETE;
        }
        int passwordAt = 2 + byteAt(in, 1);
        if (in.readableBytes() <= passwordAt) {
            return Message.INCOMPLETE;
        }
        return whole(in, passwordAt + 1 + byteAt(in, passwordAt), Message.LOGIN);
    }

    private Message request(ByteBuf in) {
        if (in.readableBytes() < 5) {
            return Message.INCOMPLETE;
        }
        kind = kindOf(byteAt(in, 1));
        int addressLength = switch (byteAt(in, 3)) {
            case ADDRESS_IPV4 -> 4;
            case ADDRESS_IPV6 -> 16;
            case ADDRESS_NAME -> 1 + byteAt(in, 4);
            default -> -1;
        };
        if (kind == null || byteAt(in, 2) != 0 || addressLength < 0) {
            return Message.OPAQUE;
        }
        return whole(in, 4 + addressLength + 2, Message.REQUEST);
    }

    private Message socks4(ByteBuf in) {
        if (in.readableBytes() > 1) {
            kind = kindOf(byteAt(in, 1));
            if (kind == null) {
                return Message.OPAQUE;
            }
        }
        if (in.readableBytes() < SOCKS4_FIXED + 1) {
            return Message.INCOMPLETE;
        }
        int end = endOfText(in, SOCKS4_FIXED);
        boolean named = byteAt(in, 4) == 0 && byteAt(in, 5) == 0 && byteAt(in, 6) == 0 && byteAt(in, 7) != 0;
        if (end > 0 && named) {
            end = endOfText(in, end);
        }
        if (end < 0) {
            return in.readableBytes() > SOCKS4_LIMIT ? Message.OPAQUE : Message.INCOMPLETE;
        }
        return whole(in, end, Message.REQUEST);
    }

    private static int endOfText(ByteBuf in, int from) {
        int zero = in.indexOf(in.readerIndex() + from, in.writerIndex(), (byte) 0);
        return zero < 0 ? -1 : zero + 1 - in.readerIndex();
    }

    private static Kind kindOf(int command) {
        return switch (command) {
            case COMMAND_CONNECT -> Kind.CONNECT;
            case COMMAND_RESOLVE -> Kind.RESOLVE;
            case COMMAND_RESOLVE_PTR -> Kind.RESOLVE_PTR;
            default -> null;
        };
    }

    private Message whole(ByteBuf in, int size, Message message) {
        if (in.readableBytes() < size) {
            return Message.INCOMPLETE;
        }
        length = size;
        return message;
    }

    private static int byteAt(ByteBuf in, int offset) {
        return in.getUnsignedByte(in.readerIndex() + offset);
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
     * The version that the client speaks.
     *
     * @return {@link #SOCKS5}, {@link #SOCKS4}, another first byte, or 0 before any byte
     */
    int version() {
        return version;
    }
}
