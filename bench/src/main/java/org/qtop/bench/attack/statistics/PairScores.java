package org.qtop.bench.attack.statistics;

import java.util.Arrays;

/**
 * The scores of all pairs of n flows' two ends, prepared for thousands of weighted evaluations. Immutable, thread-safe.
 *
 * <p>Only the places of the scores among the right pairs' scores and the thresholds matter for what is asked here, so
 * each score becomes the number of its place: 2k + 1 for the k-th of these bounds, 2k for what lies below it. A flow
 * that was drawn twice is the same flow, so its pair with itself never counts as a wrong one.
 */
public final class PairScores {

    /** How many flows the right one must be first among. */
    public static final int CROWD = 200;
    /** Which share of pairs is right, where a precision is told. */
    public static final double BASE_RATE = 1e-4;

    private final int n;
    private final short[] place;
    private final int places;
    private final int[] thresholds;
    private final float[] bounds;

    /**
     * Prepares scores.
     *
     * @param scores square, a row for each flow's one end, a column for each flow's other end; higher means more alike
     * @param thresholds from the validation flows
     * @throws IllegalArgumentException if a score is not a number, or there are more than 16,000 flows
     */
    public PairScores(float[][] scores, float... thresholds) {
        n = scores.length;
        if (n + thresholds.length > 16_000) {
            throw new IllegalArgumentException(n + " flows are more than fit");
        }
        float[] all = Arrays.copyOf(thresholds, n + thresholds.length);
        for (int i = 0; i < n; i++) {
            all[thresholds.length + i] = scores[i][i];
        }
        Arrays.sort(all);
        bounds = distinct(all);
        places = 2 * bounds.length + 1;
        place = new short[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                place[i * n + j] = (short) placeOf(scores[i][j]);
            }
        }
        this.thresholds = new int[thresholds.length];
        for (int i = 0; i < thresholds.length; i++) {
            this.thresholds[i] = placeOf(thresholds[i]);
        }
    }

    private static float[] distinct(float[] sorted) {
        int count = 0;
        for (float value : sorted) {
            if (count == 0 || sorted[count - 1] != value) {
                sorted[count++] = value;
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    private int placeOf(float score) {
        if (Float.isNaN(score)) {
            throw new IllegalArgumentException("a score is not a number");
        }
        int found = Arrays.binarySearch(bounds, score);
        return found >= 0 ? 2 * found + 1 : 2 * (-found - 1);
    }

    /**
     * How many flows there are.
     *
     * @return 0 or more
     */
    public int flows() {
        return n;
    }

    /**
     * Evaluates the scores with every flow once.
     *
     * @return what comes out
     */
    public Evaluation evaluate() {
        int[] once = new int[n];
        Arrays.fill(once, 1);
        return evaluate(once);
    }

    /**
     * Evaluates the scores of flows that were drawn.
     *
     * @param weights how many times each flow was drawn, with both its ends
     * @return what comes out
     */
    public Evaluation evaluate(int[] weights) {
        int[] right = new int[places];
        int[] wrong = new int[places];
        double first = 0;
        long total = 0;
        long squares = 0;
        for (int weight : weights) {
            total += weight;
            squares += (long) weight * weight;
        }
        for (int i = 0; i < n; i++) {
            int weight = weights[i];
            if (weight > 0) {
                int own = place[i * n + i];
                right[own] += weight;
                first += weight * row(i, own, weights, wrong) / total;
                wrong[own] -= weight * weight;
            }
        }
        return new Evaluation(right, wrong, total, total * total - squares, first, thresholds);
    }

    /** Adds a row to the histogram of wrong pairs, its right pair included; tells how surely the right one is first. */
    private double row(int i, int own, int[] weights, int[] wrong) {
        int weight = weights[i];
        long above = 0;
        long same = 0;
        long all = 0;
        int at = i * n;
        for (int j = 0; j < n; j++) {
            int other = weights[j];
            int found = place[at + j];
            wrong[found] += weight * other;
            all += other;
            if (found >= own) {
                above += other;
                same += found == own ? other : 0;
            }
        }
        return first(above - same, same - weight, all - weight);
    }

    /**
     * The chance that the right one is first of {@link #CROWD}: the others are drawn at random from the wrong ones, and
     * ties are broken at random. With shares l below and e equal it is ((l + e)^C - l^C) / (C e), and l^(C - 1) for
     * e = 0.
     */
    static double first(long above, long same, long all) {
        if (all == 0) {
            return 1.0 / CROWD;
        }
        double equal = (double) same / all;
        double below = (double) (all - above - same) / all;
        if (same == 0) {
            return Math.pow(below, CROWD - 1);
        }
        return (Math.pow(below + equal, CROWD) - Math.pow(below, CROWD)) / (CROWD * equal);
    }

    /**
     * For each flow, the share of wrong pairs of its row that score lower than its right pair; ties count half.
     *
     * @return one number from 0 to 1 for each flow; 0.5 if there is only one
     */
    public double[] ownAreas() {
        double[] areas = new double[n];
        for (int i = 0; i < n; i++) {
            int own = place[i * n + i];
            long twice = -1;
            for (int j = 0; j < n; j++) {
                int found = place[i * n + j];
                twice += found < own ? 2 : found == own ? 1 : 0;
            }
            areas[i] = n < 2 ? 0.5 : twice / (2.0 * (n - 1));
        }
        return areas;
    }
}
