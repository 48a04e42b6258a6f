package org.qtop.bench.attack;

import java.util.Arrays;
import java.util.stream.IntStream;

/** How two rows of bins are likened. */
enum Likeness {
    /** Pearson's correlation of bytes. */
    PEARSON(true),
    /** Spearman's: Pearson's correlation of ranks. */
    SPEARMAN(true),
    /** The cosine of the angle between the rows of bytes: Pearson's without taking means off. */
    COSINE(false);

    private final boolean centred;

    Likeness(boolean centred) {
        this.centred = centred;
    }

    /** Whether means are taken off. */
    boolean isCentred() {
        return centred;
    }

    /** What of a row is multiplied: scaled so that squares sum to the number of bins, which changes no likeness. */
    float[] prepare(float[] row) {
        double[] values = this == SPEARMAN ? ranks(row)
                : IntStream.range(0, row.length).mapToDouble(i -> row[i]).toArray();
        double squares = Arrays.stream(values).map(value -> value * value).sum();
        float[] prepared = new float[row.length];
        if (squares > 0) {
            double scale = Math.sqrt(row.length / squares);
            for (int i = 0; i < row.length; i++) {
                prepared[i] = (float) (values[i] * scale);
            }
        }
        return prepared;
    }

    /** Mean ranks of ties, from the lowest value's rank on: most bins are empty and stay 0. */
    static double[] ranks(float[] row) {
        float[] sorted = row.clone();
        Arrays.sort(sorted);
        double[] ranks = new double[row.length];
        double lowest = rank(sorted, sorted[0]);
        for (int i = 0; i < row.length; i++) {
            ranks[i] = rank(sorted, row[i]) - lowest;
        }
        return ranks;
    }

    private static double rank(float[] sorted, float value) {
        int any = Arrays.binarySearch(sorted, value);
        int from = bound(sorted, value, 0, any, true);
        int until = bound(sorted, value, any, sorted.length - 1, false);
        return (from + until) / 2.0;
    }

    /** The first or last place of a value between two places, one of which has it. */
    private static int bound(float[] sorted, float value, int low, int high, boolean first) {
        int from = low;
        int until = high;
        while (from < until) {
            int middle = first ? (from + until) >>> 1 : (from + until + 1) >>> 1;
            if (sorted[middle] == value) {
                if (first) {
                    until = middle;
                } else {
                    from = middle;
                }
            } else if (first) {
                from = middle + 1;
            } else {
                until = middle - 1;
            }
        }
        return from;
    }
}
