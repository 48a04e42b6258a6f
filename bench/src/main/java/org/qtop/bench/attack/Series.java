package org.qtop.bench.attack;

import java.util.Arrays;

/** Collects numbers that describe a trace. Confined to one thread. */
final class Series {

    private float[] values = new float[256];
    private int size;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = (float) value;
    }

    /** Mean, deviation, least, most and median; zeros for an empty row. */
    void summary(double[] row) {
        double mean = Arrays.stream(row).average().orElse(0);
        double variance = Arrays.stream(row).map(value -> (value - mean) * (value - mean)).average().orElse(0);
        add(mean);
        add(Math.sqrt(variance));
        quantiles(row, 0, 1, 0.5);
    }

    /** The numbers below which shares of a row are; zeros for an empty row. */
    void quantiles(double[] row, double... shares) {
        double[] sorted = row.clone();
        Arrays.sort(sorted);
        for (double share : shares) {
            add(sorted.length == 0 ? 0 : sorted[(int) Math.round(share * (sorted.length - 1))]);
        }
    }

    /** A row's sums over a fixed number of parts of about equal length. */
    void parts(double[] row, int parts) {
        for (int part = 0; part < parts; part++) {
            double sum = 0;
            for (int i = row.length * part / parts; i < row.length * (part + 1) / parts; i++) {
                sum += row[i];
            }
            add(sum);
        }
    }

    float[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
