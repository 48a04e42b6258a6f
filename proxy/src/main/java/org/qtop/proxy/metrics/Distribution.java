package org.qtop.proxy.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * The distribution of one {@link Measure} since the start: exact counts in fixed buckets for Prometheus, and quantiles
 * to two digits for people. Thread-safe; recording neither locks nor allocates.
 */
public final class Distribution {

    /** What two digits take: 60 kB. */
    private static final int DIGITS = 2;
    /** The largest value that quantiles tell apart, about 19 minutes in nanoseconds, 1 TB in bytes. */
    private static final long LARGEST = 1L << 40;

    private final long[] bounds;
    private final LongAdder[] buckets;
    private final LongAdder sum = new LongAdder();
    private final ConcurrentHistogram quantiles = new ConcurrentHistogram(LARGEST, DIGITS);

    /**
     * An empty distribution.
     *
     * @param bounds upper bounds of the buckets, inclusive, rising
     */
    Distribution(long[] bounds) {
        this.bounds = bounds.clone();
        buckets = new LongAdder[bounds.length + 1];
        Arrays.setAll(buckets, i -> new LongAdder());
    }

    /**
     * Records one value.
     *
     * @param value in the measure's recorded units; below 0 counts as 0
     */
    void record(long value) {
        long counted = Math.max(0, value);
        int at = Arrays.binarySearch(bounds, counted);
        buckets[at < 0 ? -at - 1 : at].increment();
        sum.add(counted);
        quantiles.recordValue(Math.min(counted, LARGEST));
    }

    /**
     * The upper bounds of the buckets but the last, which has none.
     *
     * @return a copy, rising, in recorded units, inclusive
     */
    public long[] bounds() {
        return bounds.clone();
    }

    /**
     * The counts of the buckets, not cumulative.
     *
     * @return one more than there are bounds
     */
    public long[] counts() {
        return Arrays.stream(buckets).mapToLong(LongAdder::sum).toArray();
    }

    /**
     * The sum of all values.
     *
     * @return in recorded units
     */
    public long sum() {
        return sum.sum();
    }

    /**
     * How many values were recorded.
     *
     * @return 0 or more
     */
    public long count() {
        return quantiles.getTotalCount();
    }

    /**
     * A quantile.
     *
     * @param percent 0 to 100
     * @return in recorded units, to two digits; 0 if nothing was recorded
     */
    public long quantile(double percent) {
        return Math.min(quantiles.getValueAtPercentile(percent), max());
    }

    /**
     * The largest value.
     *
     * @return in recorded units, to two digits; 0 if nothing was recorded
     */
    public long max() {
        return quantiles.getMaxValue();
    }
}
