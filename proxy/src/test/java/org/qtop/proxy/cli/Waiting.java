package org.qtop.proxy.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what another process brings about, each time for a bounded while. For tests. */
final class Waiting {

    /** Far more than anything here takes, for a machine that is busy. */
    static final Duration LONG = Duration.ofSeconds(60);

    private static final long LOOK_NANOS = 5_000_000;

    private Waiting() {
    }

    /** Waits until the condition holds. */
    static void until(Duration limit, String what, Callable<Boolean> condition) throws Exception {
        until(limit, () -> what, condition);
    }

    /** Waits until the condition holds; what to say if it does not is asked at the end. */
    static void until(Duration limit, Supplier<String> what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit.toSeconds() + " s: " + what.get());
            }
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
