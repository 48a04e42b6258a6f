package org.qtop.proxy.connector;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;

/** Opens the Tor channel of a stream. Thread-safe. */
@FunctionalInterface
public interface Dialler {

    /**
     * Dials Tor's SOCKS port.
     *
     * @param loop the event loop that is to run the channel: the client channel's own
     * @param handler put into the new channel's pipeline before it connects
     * @return done when the channel is connected, or failed
     */
    ChannelFuture connect(EventLoop loop, ChannelHandler handler);

    /**
     * The same for one client, whom Tor is to tell from others.
     *
     * @param client who
     * @return a dialler whose connections come from an address of that client's own, where that is possible
     */
    default Dialler from(Client client) {
        return this;
    }

    /**
     * Tells how Tor addresses its replies to us.
     *
     * @return true if we call it over IPv4; over IPv6 and over Unix sockets its replies hold an IPv6 address
     */
    default boolean overIpv4() {
        return true;
    }

    /**
     * Tells whether Tor can tell clients by their addresses through us.
     *
     * @return true if {@link #from} makes a difference
     */
    default boolean keepsClientsApart() {
        return false;
    }
}
