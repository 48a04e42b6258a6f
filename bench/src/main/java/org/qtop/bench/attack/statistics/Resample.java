package org.qtop.bench.attack.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws clusters of cases with replacement, all cases of a cluster together: cases of one circuit are not independent.
 * Immutable, thread-safe.
 */
public final class Resample {

    private final int[] cluster;
    private final int clusters;
    private final long seed;

    /**
     * A way to draw.
     *
     * @param keys for each case the cluster that it belongs to, any numbers
     * @param seed where the draws come from
     */
    public Resample(int[] keys, long seed) {
        int[] distinct = Arrays.stream(keys).distinct().sorted().toArray();
        this.cluster = Arrays.stream(keys).map(key -> Arrays.binarySearch(distinct, key)).toArray();
        this.clusters = distinct.length;
        this.seed = seed;
    }

    /**
     * How many clusters there are; with fewer than two no interval can be told.
     *
     * @return 0 or more
     */
    public int clusters() {
        return clusters;
    }

    /**
     * The randomness of one draw, for what else is drawn with it.
     *
     * @param draw its number
     * @return a generator that is the same for the same number
     */
    public SplittableRandom random(int draw) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + draw);
    }

    /**
     * Makes one draw.
     *
     * @param random where it comes from
     * @return how many times each case was drawn
     */
    public int[] weights(SplittableRandom random) {
        int[] times = new int[clusters];
        for (int i = 0; i < clusters; i++) {
            times[random.nextInt(clusters)]++;
        }
        return Arrays.stream(cluster).map(number -> times[number]).toArray();
    }
}
