package org.qtop.proxy.connector;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.function.Supplier;

/** Dials Tor's SOCKS port. Thread-safe. */
public final class TorConnector implements Dialler {

    /** How long a dial may take: 10 s, which only a machine in trouble needs on loopback. */
    public static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private final Transport transport;
    private final Supplier<SocketAddress> torSocks;

    /**
     * A connector to one Tor.
     *
     * @param transport which kind of channel
     * @param torSocks where Tor's SOCKS port is; asked for at every dial, since a restarted Tor may have moved
     */
    public TorConnector(Transport transport, Supplier<SocketAddress> torSocks) {
        this.transport = transport;
        this.torSocks = torSocks;
    }

    @Override
    public ChannelFuture connect(EventLoop loop, ChannelHandler handler) {
        return new Bootstrap()
                .group(loop)
                .channel(transport.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(handler)
                .connect(torSocks.get());
    }
}
