package org.qtop.bench.lab;

import java.time.Instant;

/**
 * The one clock of a run: nanoseconds since 1970 by the system's clock at the start, counted on by its monotonic one.
 * So times neither jump in a run nor begin afresh in one that goes on from an earlier one. Thread-safe.
 */
final class Clock {

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long OFFSET = offset();

    private Clock() {
    }

    private static long offset() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano() - System.nanoTime();
    }

    static long nanos() {
        return System.nanoTime() + OFFSET;
    }
}
