package org.qtop.proxy.connector;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.local.LocalChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Supplier;
import org.qtop.proxy.stream.StreamException;
import org.qtop.proxy.stream.StreamFailure;

/** Dials Tor's SOCKS port. Thread-safe. */
public final class TorConnector implements Dialler {

    /** How long a dial may take: 10 s, which only a machine in trouble needs on loopback. */
    public static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private final Transport transport;
    private final Supplier<? extends SocketAddress> torSocks;
    private final ClientAddresses addresses;
    private volatile Destination destination;

    /** What was told, and what is called for it. */
    private record Destination(SocketAddress told, SocketAddress called) { }

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
                return failed(loop, e);
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

    /**
     * What {@link io.netty.bootstrap.Bootstrap} does, without its maps of options for each dial, and without waiting
     * for the loop's next turn to connect.
     */
    private ChannelFuture dial(EventLoop loop, ChannelHandler handler, Optional<InetAddress> from) {
        SocketAddress tor = torSocks.get();
        Channel channel;
        try {
            channel = transport.channels(tor).newChannel();
        } catch (ChannelException e) {
            return failed(loop, new StreamException(StreamFailure.NO_SOCKET_LEFT));
        }
        ChannelPromise connected = new DefaultChannelPromise(channel, loop);
        try {
            configure(channel.config(), tor, from.isPresent());
            channel.pipeline().addLast(handler);
        } catch (ChannelException e) {
            channel.unsafe().closeForcibly();
            return connected.setFailure(e);
        }
        loop.register(channel).addListener(registered -> {
            if (registered.isSuccess()) {
                channel.connect(callable(tor), from.map(own -> new InetSocketAddress(own, 0)).orElse(null),
                        connected).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            } else {
                channel.unsafe().closeForcibly();
                connected.setFailure(registered.cause());
            }
        });
        return connected;
    }

    /**
     * Where to call Tor. Netty gives the name of what it called to what it then is connected to, and would write out
     * the number for each connection if there were none.
     */
    private SocketAddress callable(SocketAddress tor) {
        Destination last = destination;
        if (last == null || last.told != tor) {
            last = new Destination(tor, transport.address(named(tor)));
            destination = last;
        }
        return last.called;
    }

    private static SocketAddress named(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address ipv4)) {
            return address;
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(inet.getHostString(), ipv4.getAddress()),
                    inet.getPort());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of IPv4 has four bytes", e);
        }
    }

    private void configure(ChannelConfig config, SocketAddress tor, boolean bound) {
        config.setRecvByteBufAllocator(transport.reads());
        config.setConnectTimeoutMillis(CONNECT_TIMEOUT_MILLIS);
        if (transport.halfCloses(tor)) {
            config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        if (bound && transport.isEpoll()) {
            // The port is chosen when both ends are known: else it would be taken from all of them.
            config.setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
    }

    /** The channel is of a kind that takes no file: there may be none left. */
    private static ChannelFuture failed(EventLoop loop, StreamException why) {
        Channel unused = new LocalChannel();
        unused.unsafe().closeForcibly();
        return new DefaultChannelPromise(unused, loop).setFailure(why);
    }
}
