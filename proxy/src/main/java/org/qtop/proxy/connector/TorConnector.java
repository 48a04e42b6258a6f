package org.qtop.proxy.connector;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.epoll.EpollChannelOption;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.qtop.proxy.stream.StreamException;

/** Dials Tor's SOCKS port. Thread-safe. */
public final class TorConnector implements Dialler {

    /** How long a dial may take: 10 s, which only a machine in trouble needs on loopback. */
    public static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private final Transport transport;
    private final Supplier<? extends SocketAddress> torSocks;
    private final ClientAddresses addresses;

    /**
     * A connector to one Tor.
     *
     * @param transport which kind of channel
     * @param torSocks where Tor's SOCKS port is; asked for at every dial, since a restarted Tor may have moved
     */
    public TorConnector(Transport transport, Supplier<? extends SocketAddress> torSocks) {
        this(transport, torSocks, new ClientAddresses());
    }

    /**
     * A connector to one Tor that shares the addresses of clients with others.
     *
     * @param transport which kind of channel
     * @param torSocks where Tor's SOCKS port is; asked for at every dial, since a restarted Tor may have moved
     * @param addresses where each client's own address is from
     */
    public TorConnector(Transport transport, Supplier<? extends SocketAddress> torSocks, ClientAddresses addresses) {
        this.transport = transport;
        this.torSocks = torSocks;
        this.addresses = addresses;
    }

    @Override
    public ChannelFuture connect(EventLoop loop, ChannelHandler handler) {
        return dial(loop, handler, Optional.empty());
    }

    @Override
    public Dialler from(Client client) {
        return (loop, handler) -> {
            try {
                return dial(loop, handler, keepsClientsApart() ? addresses.of(client) : Optional.empty());
            } catch (StreamException e) {
                return failed(e);
            }
        };
    }

    @Override
    public boolean overIpv4() {
        return torSocks.get() instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address;
    }

    @Override
    public boolean keepsClientsApart() {
        return torSocks.get() instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address ipv4
                && ipv4.isLoopbackAddress();
    }

    private ChannelFuture dial(EventLoop loop, ChannelHandler handler, Optional<InetAddress> from) {
        SocketAddress tor = torSocks.get();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(transport.channels(tor))
                .option(ChannelOption.RECVBUF_ALLOCATOR, transport.reads())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(handler);
        if (transport.halfCloses(tor)) {
            bootstrap.option(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        if (from.isPresent()) {
            if (transport.isEpoll()) {
                // The port is chosen when both ends are known: else it would be taken from all of them.
                bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
            }
            bootstrap.localAddress(from.get(), 0);
        }
        return bootstrap.connect(transport.address(tor));
    }

    private ChannelFuture failed(StreamException why) {
        Channel unused = new ReflectiveChannelFactory<>(transport.channel()).newChannel();
        unused.unsafe().closeForcibly();
        return unused.newFailedFuture(why);
    }
}
