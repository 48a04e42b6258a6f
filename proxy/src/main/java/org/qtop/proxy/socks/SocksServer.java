package org.qtop.proxy.socks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.qtop.proxy.connector.Transport;

/** Listens for applications. Thread-safe. */
public final class SocksServer implements AutoCloseable {

    /** How many connections may wait to be accepted. */
    public static final int BACKLOG = 1_024;

    private final Channel listener;
    private final ChannelGroup clients;

    private SocksServer(Channel listener, ChannelGroup clients) {
        this.listener = listener;
        this.clients = clients;
    }

    /**
     * Starts to listen.
     *
     * @param transport event loops
     * @param address where; port 0 lets the system choose
     * @param shared what all connections share
     * @return the server, to be closed
     * @throws IOException if the address cannot be listened on
     */
    public static SocksServer listen(Transport transport, InetSocketAddress address, FrontContext shared)
            throws IOException {
        ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        var bound = new ServerBootstrap()
                .group(transport.loops())
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        clients.add(client);
                        client.pipeline().addLast(new SocksFront(shared));
                    }
                })
                .bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        return new SocksServer(bound.channel(), clients);
    }

    /**
     * Where it listens.
     *
     * @return the address with the port in force
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /**
     * Accepts no more, lets open streams finish for a bounded time, then closes them.
     *
     * @param nanos how long, 0 or more
     * @return how many streams had to be closed
     * @throws InterruptedException if the wait is interrupted; streams are then still open
     */
    public int drain(long nanos) throws InterruptedException {
        listener.close().awaitUninterruptibly();
        clients.newCloseFuture().await(nanos, TimeUnit.NANOSECONDS);
        int left = clients.size();
        close();
        return left;
    }

    /** Closes the listener and every client connection. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        clients.close().awaitUninterruptibly();
    }
}
