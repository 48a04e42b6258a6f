package org.qtop.proxy.status;

import java.util.Arrays;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.proxy.metrics.Bins;

/**
 * The holds of a run against the law they should follow. Immutable.
 *
 * @param fromNanos lower edge of the first bin
 * @param toNanos upper edge of the last bin
 * @param counts how many holds fell in each bin of equal width
 * @param expected the share of each bin under the law, together 1
 */
record HoldPicture(long fromNanos, long toNanos, long[] counts, double[] expected) {

    private static final int PHASE_BITS = 64;

    static HoldPicture of(HoldLaw law, Bins bins) {
        long[] counts = bins.counts();
        double[] expected = new double[counts.length];
        double below = 0;
        for (int i = 0; i < counts.length; i++) {
            double upTo = shareUpTo(law, bins.lastOf(i));
            expected[i] = upTo - below;
            below = upTo;
        }
        return new HoldPicture(law.minNanos(), law.maxNanos(), counts, expected);
    }

    /**
     * The share of advances whose hold is at most a bound. The quantile never falls, so halving finds the first advance
     * beyond; this holds for any law, and leans on nothing but the law itself.
     */
    static double shareUpTo(HoldLaw law, long nanos) {
        if (law.quantile(-1) <= nanos) {
            return 1;
        }
        long share = 0;
        for (int bit = PHASE_BITS - 1; bit >= 0; bit--) {
            long candidate = share | 1L << bit;
            if (law.quantile(candidate - 1) <= nanos) {
                share = candidate;
            }
        }
        return (share >>> 11) * 0x1p-53;
    }

    long total() {
        return Arrays.stream(counts).sum();
    }
}
