package org.qtop.proxy.connector;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Who a stream is for, as far as isolation goes: Tor keeps apart clients of different addresses (IsolateClientAddr) and
 * of different listeners (SessionGroup). Immutable.
 *
 * @param listener the number of the listener that it came to, 0 or more
 * @param address its IP address, empty on a Unix socket
 */
public record Client(int listener, Optional<InetAddress> address) {

    /**
     * The IP address of a connection's other end.
     *
     * @param remote as a channel gives it
     * @return the address without port and zone, an IPv4 address if it is mapped into IPv6; empty on a Unix socket
     */
    public static Optional<InetAddress> addressOf(SocketAddress remote) {
        return remote instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? Optional.of(plain(inet.getAddress())) : Optional.empty();
    }

    private static InetAddress plain(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        try {
            // Without a zone; and what is mapped from IPv4 comes out as IPv4.
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 16 bytes is valid", e);
        }
    }

    /**
     * Tells how Tor would address its replies to this client.
     *
     * @return true if it calls over IPv4; over IPv6 and over Unix sockets Tor's replies hold an IPv6 address
     */
    public boolean overIpv4() {
        return address.filter(Inet4Address.class::isInstance).isPresent();
    }

    /** Nothing of it is for a log. */
    @Override
    public String toString() {
        return "client of listener " + listener;
    }
}
