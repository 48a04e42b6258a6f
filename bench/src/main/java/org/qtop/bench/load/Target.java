package org.qtop.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What a load asks for, and through whom. Immutable.
 *
 * @param proxy the SOCKS5 server
 * @param host the IPv4 address to ask for
 * @param echo the port whose streams send back what comes, 1 to 65535
 * @param discard the port whose streams read and forget
 * @param source the port whose streams send without end
 */
public record Target(InetSocketAddress proxy, InetAddress host, int echo, int discard, int source) {

    /** Nobody's here, since some servers will not relay to loopback. */
    private static final byte[] NOBODY = {10, 1, 2, 3};

    /**
     * The stand-in behind a SOCKS5 server.
     *
     * @param proxy the SOCKS5 server
     * @return what the stand-in offers
     */
    public static Target standIn(InetSocketAddress proxy) {
        try {
            return new Target(proxy, InetAddress.getByAddress(NOBODY), StandInSocksServer.ECHO,
                    StandInSocksServer.DISCARD, StandInSocksServer.SOURCE);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    /**
     * The same through another server.
     *
     * @param other the SOCKS5 server
     * @return the target
     */
    public Target through(InetSocketAddress other) {
        return new Target(other, host, echo, discard, source);
    }

    /** The bytes of a greeting without a login. */
    static byte[] greeting() {
        return new byte[] {5, 1, 0};
    }

    /** The bytes of a CONNECT to one of the ports. Source: RFC 1928. */
    byte[] connect(int port) {
        byte[] address = host.getAddress();
        return new byte[] {5, 1, 0, 1, address[0], address[1], address[2], address[3], (byte) (port >>> 8),
            (byte) port};
    }
}
