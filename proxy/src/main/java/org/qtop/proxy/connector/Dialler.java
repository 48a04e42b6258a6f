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
}
