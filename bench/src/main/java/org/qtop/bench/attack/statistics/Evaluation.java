package org.qtop.bench.attack.statistics;

import java.util.ArrayList;
import java.util.List;

/** What the scores of right and wrong pairs say. Immutable, thread-safe. */
public final class Evaluation {

    private final int[] right;
    private final int[] wrong;
    private final long rights;
    private final long wrongs;
    private final double rankOne;
    private final int[] thresholds;

    Evaluation(int[] right, int[] wrong, long rights, long wrongs, double rankOne, int[] thresholds) {
        this.right = right;
        this.wrong = wrong;
        this.rights = rights;
        this.wrongs = wrongs;
        this.rankOne = rankOne;
        this.thresholds = thresholds;
    }

    /**
     * The area under the ROC curve: the chance that a right pair scores higher than a wrong one, ties counting half.
     *
     * @return 0 to 1; 0.5 if there are no wrong pairs
     */
    public double area() {
        long below = 0;
        double sum = 0;
        for (int i = 0; i < right.length; i++) {
            sum += right[i] * (below + wrong[i] / 2.0);
            below += wrong[i];
        }
        return wrongs == 0 ? 0.5 : sum / rights / wrongs;
    }

    /**
     * The share of right pairs that reach a threshold.
     *
     * @param threshold which of the thresholds, from 0
     * @return 0 to 1
     */
    public double truePositives(int threshold) {
        return (double) reaching(right, thresholds[threshold]) / rights;
    }

    /**
     * The share of wrong pairs that reach a threshold.
     *
     * @param threshold which of the thresholds, from 0
     * @return 0 to 1; 0 if there are no wrong pairs
     */
    public double falsePositives(int threshold) {
        return wrongs == 0 ? 0 : (double) reaching(wrong, thresholds[threshold]) / wrongs;
    }

    private static long reaching(int[] counts, int place) {
        long sum = 0;
        for (int i = place; i < counts.length; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /**
     * The share of right pairs among those that reach a threshold, where one pair in 10,000 is right. Half a wrong pair
     * is added to those seen: that none was seen among a thousand does not make it certain.
     *
     * @param threshold which of the thresholds, from 0
     * @return 0 to 1
     */
    public double precision(int threshold) {
        double found = PairScores.BASE_RATE * truePositives(threshold);
        double mistaken = (1 - PairScores.BASE_RATE) * (reaching(wrong, thresholds[threshold]) + 0.5) / (wrongs + 1);
        return found / (found + mistaken);
    }

    /**
     * How often the right end is first of {@link PairScores#CROWD}.
     *
     * @return 0 to 1
     */
    public double rankOne() {
        return rankOne;
    }

    /**
     * The highest share of right pairs found at any threshold that at most a given share of wrong pairs reach.
     *
     * @param rate 0 to 1
     * @return 0 to 1
     */
    public double truePositivesAt(double rate) {
        long found = 0;
        long mistaken = 0;
        double best = 0;
        for (int i = right.length - 1; i >= 0; i--) {
            found += right[i];
            mistaken += wrong[i];
            if (mistaken <= rate * wrongs) {
                best = (double) found / rights;
            }
        }
        return best;
    }

    /**
     * The ROC curve.
     *
     * @param most how many points at most, 2 or more
     * @return pairs of (false positives, true positives), rising from (0, 0) to (1, 1)
     */
    public List<double[]> curve(int most) {
        List<double[]> points = new ArrayList<>();
        points.add(new double[2]);
        long found = 0;
        long mistaken = 0;
        for (int i = right.length - 1; i >= 0; i--) {
            found += right[i];
            mistaken += wrong[i];
            double[] point = {wrongs == 0 ? 0 : (double) mistaken / wrongs, (double) found / rights};
            double[] last = points.get(points.size() - 1);
            // Rates of 1e-4 matter as much as those of 0.5: a step is far if it is far on a logarithmic axis, too.
            boolean far = point[1] - last[1] >= 2.0 / most || point[0] > 1.1 * last[0] + 1e-6;
            if (far && points.size() < most - 1) {
                points.add(point);
            }
        }
        points.add(new double[] {1, 1});
        return points;
    }
}
