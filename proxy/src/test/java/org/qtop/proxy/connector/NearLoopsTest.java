package org.qtop.proxy.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NearLoopsTest {

    private final Queue<Thread> turns = new ConcurrentLinkedQueue<>();
    private final NearLoops loops = new NearLoops(3, new DefaultThreadFactory("near"), NioIoHandler.newFactory(),
            () -> turns.add(Thread.currentThread()));

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void shouldGiveALoopThatAsksItself() throws Exception {
        for (var loop : loops) {
            assertSame(loop, askedOn((EventLoop) loop));
        }
    }

    @Test
    void shouldGiveAStrangerTheLoopWithTheFewestChannels() throws Exception {
        List<EventLoop> given = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            EventLoop next = loops.next();
            register(next);
            given.add(next);
        }
        assertEquals(3, given.stream().distinct().count());
        given.forEach(loop -> assertEquals(2, given.stream().filter(loop::equals).count()));
    }

    @Test
    void shouldSendAwayFromALoopThatHasManyMoreThanAnother() throws Exception {
        EventLoop busy = loops.next();
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < NearLoops.SLACK; i++) {
            channels.add(register(busy));
        }
        assertSame(busy, askedOn(busy));
        channels.add(register(busy));
        assertNotSame(busy, askedOn(busy));
        channels.get(0).close().sync();
        // Netty tells of the close first, and takes the channel from its loop in a task of its own.
        busy.submit(() -> { }).sync();
        assertSame(busy, askedOn(busy));
    }

    @Test
    void shouldSayWhenALoopHasDealtWithEvents() throws Exception {
        EventLoop loop = loops.next();
        loop.submit(() -> { }).sync();
        assertEquals(List.of(), List.copyOf(turns), "a task is no event");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Channel channel = register(loop);
            channel.connect(server.getLocalSocketAddress()).sync();
            assertSame(loop.submit(Thread::currentThread).get(), turns.poll());
            channel.close().sync();
        }
    }

    private EventLoop askedOn(EventLoop loop) throws Exception {
        return loop.submit(loops::next).get();
    }

    private static Channel register(EventLoop loop) throws InterruptedException {
        Channel channel = new NioSocketChannel();
        loop.register(channel).sync();
        return channel;
    }
}
