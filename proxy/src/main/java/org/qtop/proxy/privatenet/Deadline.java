package org.qtop.proxy.privatenet;

import java.time.Duration;

/**
 * A moment by which something must be done, on the clock of {@link System#nanoTime()}. Immutable.
 *
 * @param atNanos the moment; only differences mean something
 */
record Deadline(long atNanos) {
    /** Longer waits are cut to this, so that the sum with the clock cannot overflow. */
    private static final Duration LONGEST = Duration.ofDays(365);

    static Deadline in(Duration duration) {
        Duration bounded = duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
        return new Deadline(System.nanoTime() + Math.max(0, bounded.toNanos()));
    }

    /** Nanoseconds left, 0 when the moment is past. */
    long leftNanos() {
        return Math.max(0, atNanos - System.nanoTime());
    }

    boolean past() {
        return leftNanos() == 0;
    }

    Duration left() {
        return Duration.ofNanos(leftNanos());
    }
}
