package org.qtop.bench.attack.statistics;

import java.util.Arrays;

/**
 * A number and its 95 % interval. Immutable, thread-safe.
 *
 * @param value the number
 * @param low lower end
 * @param high upper end
 */
public record Interval(double value, double low, double high) {

    /** What lies outside of the interval at each end. */
    private static final double TAIL = 0.025;

    /**
     * The percentile interval of bootstrap draws (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
     * chapter 13).
     *
     * @param value the number itself
     * @param draws the same number from each draw, at least one; sorted by this call
     * @return the number between the draws' 2.5 % and 97.5 % points
     */
    public static Interval ofDraws(double value, double[] draws) {
        Arrays.sort(draws);
        return new Interval(value, quantile(draws, TAIL), quantile(draws, 1 - TAIL));
    }

    /** Linear between the order statistics, as R's type 7 and NumPy do it. */
    static double quantile(double[] sorted, double p) {
        double place = p * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /**
     * Whether a number lies in the interval, its ends included.
     *
     * @param number any number
     * @return true if it does
     */
    public boolean holds(double number) {
        return number >= low && number <= high;
    }
}
