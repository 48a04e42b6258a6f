package org.qtop.proxy.status;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/** Tells about a running proxy over HTTP, on an event loop of its own. Thread-safe. */
public final class StatusServer implements AutoCloseable {

    /** How many connections may be open at once; one more is closed. */
    public static final int MOST_CONNECTIONS = 64;
    /** How long a connection may neither send nor take anything: 30 s. */
    public static final int IDLE_SECONDS = 30;

    private static final int LONGEST_LINE = 2_048;
    private static final int LONGEST_HEADERS = 8_192;
    private static final long STOP_SECONDS = 2;

    private final EventLoopGroup loops;
    private final Channel listener;
    private final ChannelGroup connections;
    private final SocketAddress address;

    private StatusServer(EventLoopGroup loops, Channel listener, ChannelGroup connections, SocketAddress address) {
        this.loops = loops;
        this.listener = listener;
        this.connections = connections;
        this.address = address;
    }

    /**
     * Starts to listen.
     *
     * @param address a TCP address, port 0 lets the system choose; or a Unix socket, which its owner alone may use
     * @param subject what is told about
     * @return the server, to be closed
     * @throws IOException if the address cannot be listened on
     */
    public static StatusServer listen(SocketAddress address, Subject subject) throws IOException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("qtop-status", true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        ChannelGroup connections = new DefaultChannelGroup(loops.next(), true);
        StatusJson json = new StatusJson(subject);
        EventStream events = new EventStream(loops.next(), json::page);
        if (address instanceof UnixDomainSocketAddress unix) {
            Files.deleteIfExists(unused(unix.getPath()));
        }
        ChannelFuture bound = new ServerBootstrap().group(loops).channel(kind(address))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        init(connection, connections, new StatusHandler(subject, json, events));
                    }
                }).bind(nettyAddress(address)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        if (address instanceof UnixDomainSocketAddress unix) {
            Files.setPosixFilePermissions(unix.getPath(), PosixFilePermissions.fromString("rw-------"));
        }
        return new StatusServer(loops, bound.channel(), connections,
                bound.channel().localAddress() instanceof InetSocketAddress inet ? inet : address);
    }

    /** A socket file that a killed qtop left behind may be taken away; one that answers, or anything else, may not. */
    private static Path unused(Path socket) throws IOException {
        if (Files.exists(socket)) {
            if (Files.isRegularFile(socket) || Files.isDirectory(socket)) {
                throw new IOException("there is a file of that name");
            }
            if (StatusClient.answers(UnixDomainSocketAddress.of(socket))) {
                throw new IOException("Address already in use");
            }
        }
        return socket;
    }

    private static Class<? extends ServerChannel> kind(SocketAddress address) {
        boolean unix = address instanceof UnixDomainSocketAddress;
        if (Epoll.isAvailable()) {
            return unix ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class;
        }
        return unix ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class;
    }

    private static SocketAddress nettyAddress(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix && Epoll.isAvailable()
                ? new DomainSocketAddress(unix.getPath().toFile()) : address;
    }

    private static void init(Channel connection, ChannelGroup connections, StatusHandler handler) {
        if (connections.size() >= MOST_CONNECTIONS) {
            connection.close();
            return;
        }
        connections.add(connection);
        connection.pipeline().addLast(new IdleStateHandler(0, 0, IDLE_SECONDS),
                new HttpServerCodec(new HttpDecoderConfig().setMaxInitialLineLength(LONGEST_LINE)
                        .setMaxHeaderSize(LONGEST_HEADERS)),
                handler);
    }

    /**
     * Where it listens.
     *
     * @return the address with the port in force
     */
    public SocketAddress address() {
        return address;
    }

    /** Closes the listener and every connection, within two seconds. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(STOP_SECONDS,
                TimeUnit.SECONDS);
        if (address instanceof UnixDomainSocketAddress unix) {
            unix.getPath().toFile().delete();
        }
    }
}
