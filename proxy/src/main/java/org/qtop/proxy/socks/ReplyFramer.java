package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;

/**
 * Watches what Tor says after a request was released for the end of its reply. Consumes nothing, keeps nothing but
 * counts. Confined to one event loop.
 *
 * <p>Answers to the greeting and the login may still come before the reply, and Tor leaves out those that it has
 * overtaken: it answers only the last of the messages that it reads at once. So each answer is told by its own first
 * bytes. A method choice and a reply of SOCKS5 begin alike; the reply's third byte is 0, and no answer that can follow
 * a choice begins so but SOCKS4's. A SOCKS4 reply is eight bytes; one of HTTP ends with an empty line.
 */
final class ReplyFramer {

    /** A reply code that no reply carries: none came yet. */
    static final int NONE = -1;
    /** Where {@link #end} says that the reply goes on. */
    static final int NOT_YET = -1;

    private static final int SOCKS4_REPLY = 8;
    private static final int NAME_TYPE = 3;
    private static final int IPV6_TYPE = 4;
    private static final int EMPTY_LINE = 4;

    private enum Part { FIRST, SECOND_OF_LOGIN, CODE, RESERVED, TYPE, NAME_LENGTH, REST, SOCKS4_CODE, HEAD, DONE }

    private final int version;
    private Part part;
    private int left;
    private int code = NONE;

    /**
     * A watcher of the answers to what was said last.
     *
     * @param version the version of the request
     */
    ReplyFramer(int version) {
        this.version = version;
        part = version == ClientFramer.HTTP ? Part.HEAD : Part.FIRST;
        left = EMPTY_LINE;
    }

    /**
     * Takes in bytes on their way to the client.
     *
     * @param bytes read by index only
     * @return the index after the reply's last byte, or {@link #NOT_YET}
     */
    int end(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex() && part != Part.DONE) {
            take(bytes.getUnsignedByte(at++));
        }
        return part == Part.DONE ? at : NOT_YET;
    }

    private void take(int octet) {
        switch (part) {
            case FIRST -> first(octet);
            case SECOND_OF_LOGIN -> part = Part.FIRST;
            case CODE -> {
                code = octet;
                part = version == ClientFramer.SOCKS4 ? Part.FIRST : Part.RESERVED;
            }
            case RESERVED -> {
                part = Part.TYPE;
                if (octet != 0) {
                    first(octet);
                }
            }
            case TYPE -> type(octet);
            case NAME_LENGTH -> rest(octet + 2);
            case SOCKS4_CODE -> {
                code = octet;
                rest(SOCKS4_REPLY - 2);
            }
            case REST -> rest(left - 1);
            case HEAD -> head(octet);
            default -> { }
        }
    }

    private void first(int octet) {
        code = NONE;
        part = octet == ClientFramer.LOGIN_VERSION ? Part.SECOND_OF_LOGIN
                : octet == 0 ? Part.SOCKS4_CODE : Part.CODE;
    }

    private void type(int octet) {
        if (octet == NAME_TYPE) {
            part = Part.NAME_LENGTH;
        } else {
            rest((octet == IPV6_TYPE ? 16 : 4) + 2);
        }
    }

    private void rest(int bytes) {
        left = bytes;
        part = left == 0 ? Part.DONE : Part.REST;
    }

    /** Counts down CR LF CR LF. */
    private void head(int octet) {
        boolean carriageReturn = left % 2 == 0;
        left = octet == (carriageReturn ? '\r' : '\n') ? left - 1 : octet == '\r' ? EMPTY_LINE - 1 : EMPTY_LINE;
        if (left == 0) {
            part = Part.DONE;
        }
    }

    /**
     * The reply code that Tor gave.
     *
     * @return the code of the request's version, or {@link #NONE}; of HTTP always NONE
     */
    int code() {
        return code;
    }
}
