package org.qtop.proxy.metrics;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The counts of one running proxy. Thread-safe. */
public final class Metrics {

    private final LongAdder[] counts = new LongAdder[Counter.values().length];
    private final Distribution[] distributions = new Distribution[Measure.values().length];
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final LongAdder upstreamBytes = new LongAdder();
    private final LongAdder downstreamBytes = new LongAdder();

    /** Starts with every count at 0. */
    public Metrics() {
        for (Measure measure : Measure.values()) {
            distributions[measure.ordinal()] = new Distribution(measure.bounds());
        }
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

    /**
     * Adds one value to a distribution.
     *
     * @param measure what was measured
     * @param value nanoseconds or bytes, as the measure says; below 0 counts as 0
     */
    public void record(Measure measure, long value) {
        distributions[measure.ordinal()].record(value);
    }

    /**
     * Reads a distribution.
     *
     * @param measure which
     * @return what was recorded since the start, and goes on growing
     */
    public Distribution distribution(Measure measure) {
        return distributions[measure.ordinal()];
    }

    /** A request begins to be held; {@link #holdEnded} must follow once. */
    public void holdBegan() {
        held.incrementAndGet();
    }

    /** A hold is over, by release or otherwise. */
    public void holdEnded() {
        held.decrementAndGet();
    }

    /**
     * How many requests are held.
     *
     * @return 0 or more
     */
    public long held() {
        return held.get();
    }

    /**
     * Counts bytes of released streams as they pass.
     *
     * @param upstream whether they go towards Tor
     * @param bytes how many
     */
    public void relayed(boolean upstream, long bytes) {
        (upstream ? upstreamBytes : downstreamBytes).add(bytes);
    }

    /**
     * How many bytes of released streams have passed.
     *
     * @param upstream whether towards Tor
     * @return 0 or more
     */
    public long relayedBytes(boolean upstream) {
        return (upstream ? upstreamBytes : downstreamBytes).sum();
    }
}
