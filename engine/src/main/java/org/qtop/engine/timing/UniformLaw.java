package org.qtop.engine.timing;

/** Every whole nanosecond of the range equally likely. Immutable. */
final class UniformLaw extends HoldLaw {

    static final String NAME = "uniform";

    private final long min;
    private final long choices;

    UniformLaw(long minNanos, long maxNanos) {
        super(minNanos, maxNanos);
        min = minNanos;
        choices = maxNanos - minNanos + 1;
    }

    @Override
    public long quantile(long advance) {
        // The upper half of the unsigned product; multiplyHigh is signed, and reads a large advance 2^64 too low.
        return min + Math.multiplyHigh(advance, choices) + (advance >> 63 & choices);
    }

    @Override
    public String toString() {
        return NAME + ":" + minNanos() + ":" + maxNanos();
    }
}
