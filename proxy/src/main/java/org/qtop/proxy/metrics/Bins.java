package org.qtop.proxy.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts values in bins of equal width, for a picture. Thread-safe. */
public final class Bins {

    private final long from;
    private final long to;
    private final AtomicLongArray counts;

    /**
     * Empty bins.
     *
     * @param from least value, in the first bin; 0 or more
     * @param to largest value, in the last bin; {@code from} or more
     * @param count how many bins, 1 or more
     */
    public Bins(long from, long to, int count) {
        if (from < 0 || to < from || count < 1) {
            throw new IllegalArgumentException(count + " bins from " + from + " to " + to);
        }
        this.from = from;
        this.to = to;
        counts = new AtomicLongArray(count);
    }

    /**
     * Counts one value; one that is out of range counts in the nearest bin.
     *
     * @param value any
     */
    public void record(long value) {
        double place = ((double) value - from) / ((double) to - from + 1) * counts.length();
        counts.incrementAndGet((int) Math.max(0, Math.min(counts.length() - 1, Math.floor(place))));
    }

    /**
     * The upper edge of a bin.
     *
     * @param bin 0 to the number of bins less 1
     * @return the largest whole value in it
     */
    public long lastOf(int bin) {
        return from + (long) Math.ceil(((double) to - from + 1) * (bin + 1) / counts.length()) - 1;
    }

    /**
     * The counts.
     *
     * @return a copy
     */
    public long[] counts() {
        long[] copy = new long[counts.length()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = counts.get(i);
        }
        return copy;
    }
}
