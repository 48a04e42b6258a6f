package org.qtop.proxy.control;

import java.util.function.DoubleSupplier;

/**
 * How long to pause before each attempt to come back: twice as long every time, up to a bound, less a random part of up
 * to half, so that many instances do not come back at once. Confined to one thread at a time.
 */
final class BackOff {

    private final long minNanos;
    private final long maxNanos;
    private final DoubleSupplier random;
    private long ceilingNanos;

    /**
     * Sets the bounds.
     *
     * @param minNanos the first pause's ceiling, 1 or more
     * @param maxNanos every pause's ceiling, {@code minNanos} or more
     * @param random uniform in [0, 1)
     */
    BackOff(long minNanos, long maxNanos, DoubleSupplier random) {
        this.minNanos = minNanos;
        this.maxNanos = maxNanos;
        this.random = random;
        reset();
    }

    /** Begins again with the shortest pause. */
    void reset() {
        ceilingNanos = minNanos;
    }

    /**
     * The next pause.
     *
     * @return nanoseconds, from half its ceiling to its ceiling
     */
    long nextNanos() {
        long ceiling = ceilingNanos;
        ceilingNanos = ceiling > maxNanos / 2 ? maxNanos : ceiling * 2;
        return ceiling - (long) (ceiling / 2 * random.getAsDouble());
    }
}
