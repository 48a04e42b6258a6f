package org.qtop.engine.timing;

/**
 * Short holds likelier than long ones: an exponential distribution cut off at the end of the range. Immutable.
 *
 * <p>With {@code c = 1 - e^(-w/m)} the quantile is {@code t = -m ln(1 - u c)}. It is computed in doubles, with a
 * relative error below 2^-49. Where that leaves in doubt which whole nanosecond it reaches, which is so once in
 * thousands of holds at worst, {@code t >= k} is decided as {@code 1 - u c <= e^(-k/m)} in some 106 bits; the error of
 * that comparison is below 10^-16 ns. So the result is the exact floor, and monotone as the exact floor is.
 */
final class ExponentialLaw extends HoldLaw {

    static final String NAME = "exponential";

    private static final long LONGEST_MEAN_NANOS = 10 * LONGEST_NANOS;
    private static final double DOUBT = 0x1p-48;

    private final long min;
    private final long meanNanos;
    private final double mean;
    /** c, and 1 - c. */
    private final double cut;
    private final double rest;
    private final DoubleDouble exactCut;
    private final DoubleDouble exactRest;

    ExponentialLaw(long minNanos, long maxNanos, long meanNanos) {
        super(minNanos, maxNanos);
        if (meanNanos < 1 || meanNanos > LONGEST_MEAN_NANOS) {
            throw new IllegalArgumentException("mean hold " + meanNanos + " ns: 1 to " + LONGEST_MEAN_NANOS);
        }
        double width = maxNanos - minNanos + 1;
        // Far beyond the 64 bits of an advance; the check below would overflow its arithmetic.
        boolean reached = width / meanNanos < 60;
        this.min = minNanos;
        this.meanNanos = meanNanos;
        mean = meanNanos;
        cut = -Math.expm1(-width / mean);
        rest = Math.exp(-width / mean);
        exactRest = DoubleDouble.exp(reached ? -width : 0, mean);
        exactCut = exactRest.complement();
        if (!reached || quantile(-1) != maxNanos) {
            throw new IllegalArgumentException("mean hold " + meanNanos + " ns: too short for holds up to " + maxNanos
                    + " ns ever to occur; at least " + (long) Math.ceil(width / 20) + " ns");
        }
    }

    @Override
    public long quantile(long advance) {
        double part = unsigned(advance) * 0x1p-64 * cut;
        double t = -mean * (part < 0.5 ? Math.log1p(-part) : Math.log(rest + unsigned(-advance) * 0x1p-64 * cut));
        double doubt = t * DOUBT;
        long whole = (long) (t - doubt);
        return whole == (long) (t + doubt) ? min + whole : min + decide(advance, whole + 1);
    }

    /** Decides between a whole number of nanoseconds and the one before. */
    private long decide(long advance, long nanos) {
        // 1 - u c = (1 - c) + (1 - u) c; an advance of 0 never comes here.
        DoubleDouble survival = DoubleDouble.fraction(-advance).times(exactCut).plus(exactRest);
        return survival.atMost(DoubleDouble.exp(-(double) nanos, mean)) ? nanos : nanos - 1;
    }

    private static double unsigned(long value) {
        return (value >>> 32) * 0x1p32 + (value & 0xffffffffL);
    }

    @Override
    public String toString() {
        return NAME + ":" + minNanos() + ":" + maxNanos() + ":" + meanNanos;
    }
}
