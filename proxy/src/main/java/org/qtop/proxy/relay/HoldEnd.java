package org.qtop.proxy.relay;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Ends one hold at its time and not before. The event loop's timer is set a little early, for the kernel wakes a thread
 * tens of microseconds late and a wait in epoll may last a thousandth longer (Linux, fs/select.c, {@code
 * select_estimate_accuracy}); for what is then left, the loop looks at its clock again and again. Confined to that
 * loop.
 */
public final class HoldEnd {

    /** How long before its time a hold's timer goes off, and so how long at most a loop does nothing else: 100 us. */
    static final long EARLY_NANOS = 100_000;
    /** What a wait in epoll may be late, as a part of it. */
    private static final long KERNEL_SLACK = 1_000;
    /** A clock that stands still, as a test's does, is looked at no more than this often. */
    private static final int MOST_LOOKS = 5_000;

    private final EventExecutor loop;
    private final long plannedNanos;
    private final LongConsumer end;
    private ScheduledFuture<?> timer;

    private HoldEnd(EventExecutor loop, long plannedNanos, LongConsumer end) {
        this.loop = loop;
        this.plannedNanos = plannedNanos;
        this.end = end;
    }

    /**
     * Begins a hold, on its loop. One of no time, or nearly none, ends before this returns.
     *
     * @param loop where the hold ends; its clock is the one that counts
     * @param holdNanos how long it lasts, 0 or more
     * @param end told once, on the loop, how many nanoseconds late it is, 0 or more
     * @return what ends it, to be cancelled if the stream leaves before
     */
    public static HoldEnd begin(EventExecutor loop, long holdNanos, LongConsumer end) {
        long nowNanos = loop.ticker().nanoTime();
        HoldEnd hold = new HoldEnd(loop, nowNanos + holdNanos, end);
        hold.await(nowNanos);
        return hold;
    }

    private void await(long nowNanos) {
        long leftNanos = plannedNanos - nowNanos;
        for (int looks = 0; leftNanos > 0 && leftNanos <= EARLY_NANOS && looks < MOST_LOOKS; looks++) {
            Thread.onSpinWait();
            leftNanos = plannedNanos - loop.ticker().nanoTime();
        }
        if (leftNanos <= 0) {
            end.accept(-leftNanos);
            return;
        }
        long quietNanos = leftNanos <= EARLY_NANOS ? leftNanos
                : Math.max(1, leftNanos - EARLY_NANOS - leftNanos / KERNEL_SLACK);
        timer = loop.schedule(() -> await(loop.ticker().nanoTime()), quietNanos, TimeUnit.NANOSECONDS);
    }

    /** The hold does not end any more: nobody is told. */
    public void cancel() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
