package org.qtop.proxy.control;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions that another thread or process brings about, each for a bounded time. For tests. */
final class Await {

    /** Far more than any condition here takes, for a machine that is busy. */
    static final long SECONDS = 30;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Await() {
    }

    /** Waits until the condition holds. */
    static void until(BooleanSupplier condition) {
        value(SECONDS, () -> condition.getAsBoolean() ? Boolean.TRUE : null);
    }

    /** Waits until this room has no thread left. */
    static void untilNoThread() {
        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("qtop-control")));
    }

    /** Waits until there is a value. */
    static <T> T value(long seconds, Supplier<T> supplier) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            T value = supplier.get();
            if (value != null) {
                return value;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + seconds + " s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
