package org.qtop.proxy.metrics;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The counts of one running proxy. Thread-safe. */
public final class Metrics {

    private final LongAdder[] counts = new LongAdder[Counter.values().length];
    private final AtomicLong open = new AtomicLong();

    /** Starts with every count at 0. */
    public Metrics() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /**
     * Adds one.
     *
     * @param counter what happened
     */
    public void count(Counter counter) {
        counts[counter.ordinal()].increment();
    }

    /**
     * Reads a count.
     *
     * @param counter which
     * @return 0 or more
     */
    public long value(Counter counter) {
        return counts[counter.ordinal()].sum();
    }

    /**
     * Takes a place among the open client connections, if there is one.
     *
     * @param limit how many may be open at once
     * @return whether a place was free; if so, {@link #connectionClosed} must follow once
     */
    public boolean connectionOpened(long limit) {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Gives a place back. */
    public void connectionClosed() {
        open.decrementAndGet();
    }

    /**
     * How many client connections are open.
     *
     * @return 0 or more
     */
    public long openConnections() {
        return open.get();
    }
}
