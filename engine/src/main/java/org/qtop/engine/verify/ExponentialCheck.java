package org.qtop.engine.verify;

/** Checks holds of the truncated exponential law. Immutable. */
final class ExponentialCheck extends LawCheck {

    private final long min;
    private final long max;
    private final double mean;

    ExponentialCheck(long min, long max, long mean) {
        this.min = min;
        this.max = max;
        this.mean = mean;
    }

    @Override
    boolean accepts(long advance, long holdNanos) {
        return holdNanos >= min && holdNanos <= max && mean > 0;
    }
}
