package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.CharsetUtil;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stand-in for systemd that reads what it is told. */
class SupervisorTest {

    @TempDir
    private Path folder;

    @Test
    void shouldTellSystemdOfItsLife() throws InterruptedException {
        assumeTrue(Epoll.isAvailable(), "no epoll here, so no datagrams on Unix sockets");
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        AtomicBoolean alive = new AtomicBoolean(true);
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Path socket = folder.resolve("notify");
        Channel systemd = new Bootstrap().group(loops).channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
                        told.add(packet.content().toString(CharsetUtil.UTF_8));
                    }
                }).bind(new DomainSocketAddress(socket.toFile())).sync().channel();
        try (Supervisor supervisor = Supervisor.ofEnvironment(Map.of("NOTIFY_SOCKET", socket.toString(),
                "WATCHDOG_USEC", "20000"), alive::get)) {
            supervisor.ready("127.0.0.1:9150");
            assertEquals("READY=1\nSTATUS=Listening on 127.0.0.1:9150", next(told));
            assertEquals("WATCHDOG=1", told.poll(10, TimeUnit.SECONDS));
            alive.set(false);
            supervisor.stopping();
            assertEquals("STOPPING=1\nSTATUS=Letting open streams finish", next(told));
        } finally {
            systemd.close().sync();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** What is told next but for the watchdog's beat. */
    private static String next(BlockingQueue<String> told) throws InterruptedException {
        String line = told.poll(10, TimeUnit.SECONDS);
        while ("WATCHDOG=1".equals(line)) {
            line = told.poll(10, TimeUnit.SECONDS);
        }
        return line;
    }

    @Test
    void shouldDoNothingWithoutSystemd() {
        try (Supervisor supervisor = Supervisor.ofEnvironment(Map.of(), () -> true)) {
            supervisor.ready("");
            supervisor.stopping();
        }
    }
}
