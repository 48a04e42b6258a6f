package org.qtop.proxy.intercept;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread that sleeps and notes by how much it oversleeps: how much this machine stalls of its own. For tests. */
final class Canary implements AutoCloseable {

    private static final long SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Thread thread = new Thread(this::sleep, "canary");
    private long[] late = new long[1 << 12];
    private int count;

    Canary() {
        thread.setDaemon(true);
        thread.start();
    }

    private void sleep() {
        long before = System.nanoTime();
        while (!Thread.interrupted()) {
            LockSupport.parkNanos(SLEEP_NANOS);
            long now = System.nanoTime();
            note(now - before - SLEEP_NANOS);
            before = now;
        }
    }

    private synchronized void note(long nanos) {
        if (count == late.length) {
            late = Arrays.copyOf(late, 2 * count);
        }
        late[count++] = nanos;
    }

    /** Begins anew. */
    synchronized void forget() {
        count = 0;
    }

    /** The longest time that it overslept, in nanoseconds. */
    synchronized long most() {
        return Arrays.stream(late, 0, count).max().orElse(0);
    }

    /** The time that it overslept in all but one of a hundred sleeps, in nanoseconds. */
    synchronized long nearlyAll() {
        long[] sorted = Arrays.stream(late, 0, count).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length * 99 / 100];
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
