package org.qtop.bench.attack;

/**
 * Two candidate moments of an action, a distance apart, and how well any observer can tell them apart. Immutable,
 * thread-safe.
 *
 * @param nanos the distance, nanoseconds, 1 or more
 * @param bound the highest chance of naming the right one that is claimed to be possible, from 0.5 (nothing is given
 *     away) to 1 (nothing is claimed)
 */
public record Spacing(long nanos, double bound) {

    /** Checks the ranges. */
    public Spacing {
        if (nanos < 1 || !(bound >= 0.5 && bound <= 1)) {
            throw new IllegalArgumentException("no spacing: " + nanos + " ns with bound " + bound);
        }
    }
}
