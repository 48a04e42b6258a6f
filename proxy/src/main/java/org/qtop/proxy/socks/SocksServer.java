package org.qtop.proxy.socks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.qtop.proxy.config.Listen;
import org.qtop.proxy.connector.Client;
import org.qtop.proxy.connector.Transport;
import org.qtop.proxy.connector.UnixSocketFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for applications in one place. Thread-safe. */
public final class SocksServer implements AutoCloseable {

    /** How many connections may wait to be accepted. */
    public static final int BACKLOG = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(SocksServer.class);

    private final Listen listen;
    private final Channel listener;
    private final ChannelGroup clients;
    private final UnixSocketFile file;

    private SocksServer(Listen listen, Channel listener, ChannelGroup clients, UnixSocketFile file) {
        this.listen = listen;
        this.listener = listener;
        this.clients = clients;
        this.file = file;
    }

    /**
     * Starts to listen on loopback, for this machine only.
     *
     * @param transport event loops
     * @param address where; port 0 lets the system choose
     * @param shared what all connections share
     * @return the server, to be closed
     * @throws IOException if the address cannot be listened on
     */
    public static SocksServer listen(Transport transport, InetSocketAddress address, FrontContext shared)
            throws IOException {
        return listen(transport, Listen.at(address), 0, new Admission(List.of(), shared.metrics()), shared);
    }

    /**
     * Starts to listen.
     *
     * @param transport event loops
     * @param listen where and how
     * @param number which listener this is, 0 or more: streams of different listeners are kept apart
     * @param admission whose connections are read
     * @param shared what all connections of this listener share
     * @return the server, to be closed
     * @throws IOException if the address cannot be listened on
     */
    public static SocksServer listen(Transport transport, Listen listen, int number, Admission admission,
            FrontContext shared) throws IOException {
        ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.loops())
                .channel(transport.serverChannel(listen.address()))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, transport.reads())
                .childHandler(new Entrance(listen, number, admission, clients, shared));
        if (transport.halfCloses(listen.address())) {
            bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        if (listen.address() instanceof UnixDomainSocketAddress unix) {
            return listenAt(transport, bootstrap, listen, unix, clients);
        }
        return new SocksServer(listen, bind(bootstrap, listen.address()), clients, null);
    }

    private static SocksServer listenAt(Transport transport, ServerBootstrap bootstrap, Listen listen,
            UnixDomainSocketAddress unix, ChannelGroup clients) throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(unix.getPath());
        try {
            Channel listener = bind(bootstrap, transport.address(UnixDomainSocketAddress.of(file.bindAt())));
            SocksServer server = new SocksServer(listen, listener, clients, file);
            try {
                file.publish(listen.mode());
            } catch (IOException e) {
                server.close();
                throw e;
            }
            return server;
        } finally {
            file.abandon();
        }
    }

    private static Channel bind(ServerBootstrap bootstrap, SocketAddress address) throws IOException {
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        // Behind Netty's own handler, which stops accepting for a second and passes the fault on.
        bound.channel().pipeline().addLast(new AcceptFaults());
        return bound.channel();
    }

    /** Says why connections have to wait, as they do while all files that are allowed are open. */
    private static final class AcceptFaults extends ChannelInboundHandlerAdapter {

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.warn("connections cannot be accepted ({}): trying again in a second; qtop doctor tells what is allowed",
                    cause.getMessage());
        }
    }

    /** What every new connection of one listener goes through first. */
    private static final class Entrance extends ChannelInitializer<Channel> {

        private final Listen listen;
        private final int number;
        private final Admission admission;
        private final ChannelGroup clients;
        private final FrontContext shared;

        Entrance(Listen listen, int number, Admission admission, ChannelGroup clients, FrontContext shared) {
            this.listen = listen;
            this.number = number;
            this.admission = admission;
            this.clients = clients;
            this.shared = shared;
        }

        @Override
        protected void initChannel(Channel channel) {
            Optional<InetAddress> peer = Client.addressOf(channel.remoteAddress());
            boolean admitted = listen.address() instanceof UnixDomainSocketAddress || peer.isPresent()
                    && admission.admits(peer.get(), channel.eventLoop().ticker().nanoTime());
            if (!admitted) {
                channel.close();
                return;
            }
            clients.add(channel);
            if (listen.proxyHeader()) {
                channel.pipeline().addLast(new ProxyHeader(shared.metrics(), address -> enter(channel, address)));
            } else {
                enter(channel, peer);
            }
        }

        private void enter(Channel channel, Optional<InetAddress> address) {
            Client client = new Client(number, address);
            ReplyFamily.addTo(channel, client.overIpv4(), shared.connector().overIpv4());
            channel.pipeline().addLast(new SocksFront(shared.of(client)));
        }
    }

    /**
     * Where it listens on TCP.
     *
     * @return the address with the port in force
     * @throws ClassCastException if it listens on a Unix socket
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) place();
    }

    /**
     * Where it listens.
     *
     * @return the address with the port in force, or the Unix socket
     */
    public SocketAddress place() {
        return listener.localAddress() instanceof InetSocketAddress inet ? inet : listen.address();
    }

    /**
     * How it listens.
     *
     * @return as it was given
     */
    public Listen listen() {
        return listen;
    }

    /** Accepts no more. */
    public void refuseMore() {
        listener.close().awaitUninterruptibly();
        if (file != null) {
            try {
                file.remove();
            } catch (IOException e) {
                LOG.warn("the socket of --listen could not be taken away: {}", e.toString());
            }
        }
    }

    /**
     * Accepts no more, lets open streams finish for a bounded time, then closes them.
     *
     * @param nanos how long, 0 or more
     * @return how many streams had to be closed
     * @throws InterruptedException if the wait is interrupted; streams are then still open
     */
    public int drain(long nanos) throws InterruptedException {
        refuseMore();
        clients.newCloseFuture().await(nanos, TimeUnit.NANOSECONDS);
        int left = clients.size();
        close();
        return left;
    }

    /** Closes the listener and every client connection. */
    @Override
    public void close() {
        refuseMore();
        clients.close().awaitUninterruptibly();
    }
}
