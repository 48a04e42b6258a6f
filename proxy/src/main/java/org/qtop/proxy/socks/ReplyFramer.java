package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;

/**
 * Watches Tor's side of the conversation for the end of its reply to the request. Consumes nothing, keeps nothing but
 * counts. Confined to one event loop.
 *
 * <p>A method choice or a login's answer is two bytes; a SOCKS5 reply has an address whose type tells its length; a
 * SOCKS4 reply is eight bytes.
 */
final class ReplyFramer {

    /** A reply code that no reply carries: none came yet. */
    static final int NONE = -1;

    private static final int SOCKS4_REPLY = 8;
    private static final int NAME_TYPE = 3;
    private static final int IPV4_TYPE = 1;

    private enum Part { METHOD, FIRST, SECOND, CODE, RESERVED, TYPE, NAME_LENGTH, REST, DONE }

    private final boolean socks5;
    private Part part;
    private int left;
    private int code = NONE;

    /**
     * A watcher at the start of a conversation.
     *
     * @param version the version that the client speaks
     */
    ReplyFramer(int version) {
        socks5 = version == ClientFramer.SOCKS5;
        part = socks5 ? Part.METHOD : Part.REST;
        left = socks5 ? 2 : SOCKS4_REPLY;
    }

    /**
     * Takes in bytes on their way to the client.
     *
     * @param bytes read by index only
     * @return true if the reply is complete with these bytes, or was before
     */
    boolean watch(ByteBuf bytes) {
        for (int i = bytes.readerIndex(); i < bytes.writerIndex() && part != Part.DONE; i++) {
            take(bytes.getUnsignedByte(i));
        }
        return part == Part.DONE;
    }

    private void take(int octet) {
        switch (part) {
            case METHOD -> {
                left--;
                part = left == 0 ? Part.FIRST : Part.METHOD;
            }
            case FIRST -> part = octet == ClientFramer.LOGIN_VERSION ? Part.SECOND : Part.CODE;
            case SECOND -> part = Part.FIRST;
            case CODE -> {
                code = octet;
                part = Part.RESERVED;
            }
            case RESERVED -> part = Part.TYPE;
            case TYPE -> {
                left = (octet == IPV4_TYPE ? 4 : 16) + 2;
                part = octet == NAME_TYPE ? Part.NAME_LENGTH : Part.REST;
            }
            case NAME_LENGTH -> {
                left = octet + 2;
                part = Part.REST;
            }
            case REST -> rest(octet);
            default -> { }
        }
    }

    private void rest(int octet) {
        if (!socks5 && left == SOCKS4_REPLY - 1) {
            code = octet;
        }
        left--;
        if (left == 0) {
            part = Part.DONE;
        }
    }

    /**
     * The reply code that Tor gave.
     *
     * @return the code of the client's protocol version, or {@link #NONE}
     */
    int code() {
        return code;
    }
}
