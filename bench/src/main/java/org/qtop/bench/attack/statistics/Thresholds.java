package org.qtop.bench.attack.statistics;

import java.util.Arrays;

/** Chooses thresholds on validation flows. Not instantiable. */
public final class Thresholds {

    private Thresholds() {
    }

    /**
     * The lowest threshold that at most a given share of wrong pairs reach.
     *
     * @param scores square; the right pairs are on the diagonal and do not count here
     * @param rate the share, 0 to 1
     * @return a pair counts as found if its score is at least this
     * @throws IllegalArgumentException if there is no wrong pair
     */
    public static float at(float[][] scores, double rate) {
        int n = scores.length;
        if (n < 2) {
            throw new IllegalArgumentException("a threshold needs at least two validation flows, not " + n);
        }
        float[] wrong = new float[n * (n - 1)];
        int count = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (i != j) {
                    wrong[count++] = scores[i][j];
                }
            }
        }
        Arrays.sort(wrong);
        int reaching = (int) Math.floor(rate * count);
        return reaching >= count ? wrong[0] : Math.nextUp(wrong[count - 1 - reaching]);
    }
}
