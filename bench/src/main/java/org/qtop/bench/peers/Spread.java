package org.qtop.bench.peers;

import java.util.List;

/**
 * The middle, the least and the most of some values.
 *
 * @param median the middle one; the mean of the two in the middle if their number is even
 * @param least the least
 * @param most the most
 */
record Spread(double median, double least, double most) {

    /**
     * Of these values.
     *
     * @param values one or more
     * @throws IllegalArgumentException if there are none
     */
    static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
