package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.qtop.proxy.stream.StreamFailure;

/**
 * What we say ourselves when Tor cannot: the methods, logins and replies that Tor would send. Stateless.
 *
 * <p>Sources: RFC 1928, RFC 1929; method 02 beats 00 as at Tor's SocksPort; SOCKS4's only failure is 0x5B.
 */
final class LocalAnswer {

    /** A method choice: user name and password (RFC 1929). */
    static final int METHOD_LOGIN = 0x02;
    /** A method choice: none of those offered. */
    static final int METHOD_REFUSED = 0xFF;

    private static final int METHOD_NONE = 0x00;
    private static final int SOCKS4_REFUSED = 0x5B;

    private LocalAnswer() {
    }

    /**
     * Chooses among the methods of a greeting.
     *
     * @param greeting whole, at its reader index; not consumed
     * @return two bytes
     */
    static ByteBuf method(ByteBuf greeting) {
        int from = greeting.readerIndex();
        int chosen = METHOD_REFUSED;
        for (int i = 0; i < greeting.getUnsignedByte(from + 1); i++) {
            int offered = greeting.getUnsignedByte(from + 2 + i);
            if (offered == METHOD_LOGIN || offered == METHOD_NONE && chosen == METHOD_REFUSED) {
                chosen = offered;
            }
        }
        return Unpooled.wrappedBuffer(new byte[] {ClientFramer.SOCKS5, (byte) chosen});
    }

    /**
     * Accepts a login: it is an isolation key, not a password of ours.
     *
     * @return two bytes
     */
    static ByteBuf login() {
        return Unpooled.wrappedBuffer(new byte[] {ClientFramer.LOGIN_VERSION, 0});
    }

    /**
     * Refuses a request.
     *
     * @param version the version that the client speaks
     * @param failure why
     * @return a whole reply with a zero address, which is one of IPv4: {@link ReplyFamily} makes it the client's
     */
    static ByteBuf refusal(int version, StreamFailure failure) {
        return Unpooled.wrappedBuffer(version == ClientFramer.SOCKS4
                ? new byte[] {0, (byte) SOCKS4_REFUSED, 0, 0, 0, 0, 0, 0}
                : new byte[] {ClientFramer.SOCKS5, (byte) failure.replyCode(), 0, 1, 0, 0, 0, 0, 0, 0});
    }
}
