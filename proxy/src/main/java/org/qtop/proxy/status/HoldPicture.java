package org.qtop.proxy.status;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.proxy.metrics.Bins;

/**
 * The holds of a run against the law they should follow. Immutable.
 *
 * @param fromNanos lower edge of the first bin
 * @param toNanos upper edge of the last bin
 * @param counts how many holds fell in each bin of equal width
 * @param expected the share of each bin under the law, together 1, as JSON numbers
 */
record HoldPicture(long fromNanos, long toNanos, long[] counts, List<String> expected) {

    private static final int PHASE_BITS = 64;
    private static final MathContext DIGITS = new MathContext(7);

    /** Draws pictures of one run; what the law expects is found at the first. Confined to one thread. */
    static final class Law {

        private final Subject subject;
        private List<String> expected;

        Law(Subject subject) {
            this.subject = subject;
        }

        HoldPicture now() {
            HoldLaw law = subject.engine().law();
            Bins bins = subject.audit().holds();
            long[] counts = bins.counts();
            if (expected == null) {
                expected = shares(law, bins, counts.length);
            }
            return new HoldPicture(law.minNanos(), law.maxNanos(), counts, expected);
        }
    }

    private static List<String> shares(HoldLaw law, Bins bins, int count) {
        List<String> shares = new ArrayList<>();
        double below = 0;
        for (int i = 0; i < count; i++) {
            double upTo = shareUpTo(law, bins.lastOf(i));
            shares.add(new BigDecimal(upTo - below).round(DIGITS).toString());
            below = upTo;
        }
        return shares;
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
}
