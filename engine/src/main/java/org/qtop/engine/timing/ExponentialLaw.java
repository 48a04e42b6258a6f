package org.qtop.engine.timing;

/** Short holds likelier than long ones: an exponential distribution cut off at the end of the range. Immutable. */
final class ExponentialLaw extends HoldLaw {

    static final String NAME = "exponential";

    private final long meanNanos;
    private final double cut;
    private final double rest;

    ExponentialLaw(long minNanos, long maxNanos, long meanNanos) {
        super(minNanos, maxNanos);
        if (meanNanos < 1 || meanNanos > 10 * LONGEST_NANOS) {
            throw new IllegalArgumentException(
                    "mean hold " + meanNanos + " ns: 1 to " + 10 * LONGEST_NANOS);
        }
        this.meanNanos = meanNanos;
        double widths = -(double) (maxNanos - minNanos + 1) / meanNanos;
        cut = -Math.expm1(widths);
        rest = Math.exp(widths);
    }

    @Override
    public long quantile(long advance) {
        double u = (advance >>> 11) * 0x1p-53;
        double t = u * cut < 0.5 ? -meanNanos * Math.log1p(-u * cut)
                : -meanNanos * Math.log(rest + (0x1p64 - ((advance >>> 1) * 2.0 + (advance & 1))) * 0x1p-64 * cut);
        return Math.min(maxNanos(), minNanos() + (long) t);
    }

    @Override
    public String toString() {
        return NAME + ":" + minNanos() + ":" + maxNanos() + ":" + meanNanos;
    }
}
