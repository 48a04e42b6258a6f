package org.qtop.proxy.cli;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.CharsetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that qtop is ready, alive and stopping, if systemd started it; else does nothing. Thread-safe.
 *
 * <p>Java 17 has no Unix sockets for datagrams; Netty's epoll transport has. Source: sd_notify(3),
 * sd_watchdog_enabled(3).
 */
final class Supervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final long STOP_SECONDS = 1;
    private static final Supervisor NONE = new Supervisor(null, null);

    private final EventLoopGroup loops;
    private final Channel channel;

    private Supervisor(EventLoopGroup loops, Channel channel) {
        this.loops = loops;
        this.channel = channel;
    }

    /**
     * Begins to talk to systemd.
     *
     * @param environment where NOTIFY_SOCKET and WATCHDOG_USEC are looked up
     * @param alive whether qtop works; while it does not, systemd is not told that it lives
     */
    static Supervisor ofEnvironment(Map<String, String> environment, BooleanSupplier alive) {
        String socket = environment.get("NOTIFY_SOCKET");
        if (socket == null || socket.isEmpty() || !Epoll.isAvailable()) {
            return NONE;
        }
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("qtop-systemd", true),
                EpollIoHandler.newFactory());
        // A name that begins with @ is in the abstract namespace.
        ChannelFuture connected = new Bootstrap().group(loops).channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new DomainSocketAddress(socket.startsWith("@") ? "\0" + socket.substring(1) : socket))
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            LOG.warn("systemd cannot be told: {}", connected.cause().toString());
            loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
            return NONE;
        }
        Supervisor supervisor = new Supervisor(loops, connected.channel());
        supervisor.watch(environment.getOrDefault("WATCHDOG_USEC", ""), alive);
        return supervisor;
    }

    /** Tells systemd twice in each of its periods. */
    private void watch(String micros, BooleanSupplier alive) {
        if (micros.matches("[1-9]\\d{0,15}")) {
            long period = Long.parseLong(micros) / 2;
            loops.next().scheduleAtFixedRate(() -> {
                if (alive.getAsBoolean()) {
                    send("WATCHDOG=1");
                } else {
                    LOG.error("an event loop is silent; systemd will start qtop again");
                }
            }, period, period, TimeUnit.MICROSECONDS);
        }
    }

    private void send(String state) {
        if (channel != null && channel.isActive()) {
            channel.writeAndFlush(Unpooled.copiedBuffer(state, CharsetUtil.UTF_8)).addListener(sent -> {
                if (!sent.isSuccess()) {
                    LOG.warn("systemd cannot be told: {}", sent.cause().toString());
                }
            });
        }
    }

    /**
     * Tells that applications can connect.
     *
     * @param where the listening address
     */
    void ready(String where) {
        send("READY=1\nSTATUS=Listening on " + where);
    }

    /** Tells that no new applications are let in. */
    void stopping() {
        send("STOPPING=1\nSTATUS=Letting open streams finish");
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.eventLoop().submit(() -> { }).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
            channel.close().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
            loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
        }
    }
}
