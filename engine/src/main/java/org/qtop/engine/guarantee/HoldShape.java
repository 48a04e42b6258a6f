package org.qtop.engine.guarantee;

/**
 * The distribution of holds as the guarantee sees it: continuous, on [min, max]. Immutable.
 *
 * @param minNanos shortest hold in nanoseconds, 0 or more
 * @param maxNanos longest hold in nanoseconds, {@code minNanos} or more
 * @param meanNanos mean beyond {@code minNanos} of an exponential before truncation, 1 or more; 0 for uniform
 */
public record HoldShape(long minNanos, long maxNanos, long meanNanos) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public HoldShape {
        if (minNanos < 0 || maxNanos < minNanos || meanNanos < 0) {
            throw new IllegalArgumentException("holds from " + minNanos + " to " + maxNanos + " ns, mean " + meanNanos
                    + " ns: 0 or more, the shortest first");
        }
    }

    /**
     * Makes the uniform shape.
     *
     * @param minNanos shortest hold
     * @param maxNanos longest hold
     * @return the shape
     */
    public static HoldShape uniform(long minNanos, long maxNanos) {
        return new HoldShape(minNanos, maxNanos, 0);
    }

    /**
     * Makes the truncated exponential shape.
     *
     * @param minNanos shortest hold
     * @param maxNanos longest hold
     * @param meanNanos mean beyond {@code minNanos} before truncation, 1 or more
     * @return the shape
     */
    public static HoldShape exponential(long minNanos, long maxNanos, long meanNanos) {
        if (meanNanos < 1) {
            throw new IllegalArgumentException("mean " + meanNanos + " ns: 1 or more");
        }
        return new HoldShape(minNanos, maxNanos, meanNanos);
    }

    /**
     * Gives the law's name.
     *
     * @return {@code uniform} or {@code exponential}
     */
    public String name() {
        return meanNanos == 0 ? "uniform" : "exponential";
    }

    /**
     * Gives the width W = max - min.
     *
     * @return nanoseconds, 0 or more
     */
    public long widthNanos() {
        return maxNanos - minNanos;
    }

    /**
     * Gives the mean hold: the middle, or {@code min + m - W / (e^(W/m) - 1)}.
     *
     * @return nanoseconds
     */
    public double meanHoldNanos() {
        double width = widthNanos();
        if (meanNanos == 0 || width == 0) {
            return minNanos + width / 2;
        }
        return minNanos + meanNanos - width / Math.expm1(width / meanNanos);
    }

    /**
     * Gives the total variation between the releases of one stream asked for at two moments.
     *
     * @param apartNanos D, the time between them, 0 or more
     * @return 0 to 1
     */
    public double totalVariation(long apartNanos) {
        return meanNanos == 0 ? Guarantee.uniform(widthNanos(), apartNanos)
                : Guarantee.exponential(widthNanos(), meanNanos, apartNanos);
    }
}
