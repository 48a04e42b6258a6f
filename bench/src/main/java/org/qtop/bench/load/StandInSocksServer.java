package org.qtop.bench.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A fast SOCKS5 server that stands where Tor would: it accepts any login, says yes to CONNECT and dials nobody. What
 * becomes of the stream is chosen by the port that the client asks for, whatever the host: {@link #ECHO},
 * {@link #DISCARD} or {@link #SOURCE}; other ports are refused. Thread-safe.
 *
 * <p>Source: RFC 1928 and RFC 1929.
 */
public final class StandInSocksServer implements AutoCloseable {

    /** The port whose streams send back what comes. */
    public static final int ECHO = 1;

    /** The port whose streams read and forget. */
    public static final int DISCARD = 2;

    /** The port whose streams send without end, as fast as the client reads. */
    public static final int SOURCE = 3;

    /** As many connections may wait to be accepted as a load run opens at once; the kernel may allow fewer. */
    private static final int BACKLOG = 4096;

    private final MultiThreadIoEventLoopGroup group;
    private final Channel listener;

    private StandInSocksServer(MultiThreadIoEventLoopGroup group, Channel listener) {
        this.group = group;
        this.listener = listener;
    }

    /**
     * Starts a server on a free port of the loopback address, with epoll where the machine has it.
     *
     * @param threads event loops, 1 or more
     * @return the server, which the caller closes
     * @throws IOException if it cannot listen
     */
    public static StandInSocksServer start(int threads) throws IOException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        var group = new MultiThreadIoEventLoopGroup(threads, handlers);
        var bound = new ServerBootstrap()
                .group(group)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SocksHandshake.install(channel.pipeline());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException("the stand-in cannot listen on loopback", bound.cause());
        }
        return new StandInSocksServer(group, bound.channel());
    }

    /**
     * Tells where it listens.
     *
     * @return an address on loopback
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Closes the listener and every stream, and waits until they are gone. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
