package org.qtop.proxy.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldEndTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Long> ends = new ArrayList<>();

    private HoldEnd in(long nanos) {
        channel.freezeTime();
        return HoldEnd.begin(channel.eventLoop(), nanos, ends::add);
    }

    private void pass(long nanos) {
        channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -7})
    void shouldEndAtOnceWhatIsOver(long nanos) {
        in(nanos);
        assertEquals(List.of(-nanos), ends);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, HoldEnd.EARLY_NANOS, HoldEnd.EARLY_NANOS + 1, 1_000_000, 86_400_000_000_000L})
    void shouldEndAtItsTimeAndNotBefore(long nanos) {
        in(nanos);
        pass(nanos - 1);
        assertEquals(List.of(), ends);
        pass(1);
        assertEquals(List.of(0L), ends);
        pass(nanos);
        assertEquals(List.of(0L), ends, "once");
    }

    @Test
    void shouldWakeBeforeItsTime() {
        long nanos = 10_000_000;
        in(nanos);
        long wakes = channel.runScheduledPendingTasks();
        assertTrue(wakes <= nanos - HoldEnd.EARLY_NANOS - nanos / 1_000, "first look after " + wakes + " ns");
        assertTrue(wakes > nanos / 2, "first look after " + wakes + " ns");
    }

    @Test
    void shouldSayHowLateItIs() {
        in(1_000_000);
        pass(1_300_000);
        assertEquals(List.of(300_000L), ends);
    }

    @Test
    void shouldTellNobodyOnceCancelled() {
        HoldEnd end = in(1_000_000);
        pass(970_000);
        end.cancel();
        pass(1_000_000);
        assertEquals(List.of(), ends);
    }

    @Test
    void shouldNeverEndEarlyByTheClockOfAnEventLoop() throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            EventLoop loop = (EventLoop) loops.next();
            BlockingQueue<Long> past = new LinkedBlockingQueue<>();
            Random random = new Random(1);
            int holds = 200;
            for (int i = 0; i < holds; i++) {
                long nanos = random.nextInt(20_000_000);
                loop.execute(() -> {
                    long begunNanos = loop.ticker().nanoTime();
                    HoldEnd.begin(loop, nanos,
                            late -> past.add(loop.ticker().nanoTime() - begunNanos - nanos - late));
                });
            }
            for (int i = 0; i < holds; i++) {
                Long since = past.poll(30, TimeUnit.SECONDS);
                assertTrue(since != null && since >= 0, "told " + since + " ns after its own word");
            }
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
