package org.qtop.bench.attack;

import java.util.List;

/**
 * Seeds, sizes and effort of an attack. Immutable, thread-safe.
 *
 * @param seed where all randomness comes from
 * @param trainingSeeds how many times an attack with randomness in its training is trained, 1 to 100
 * @param bootstraps how many draws an interval is made of, 20 to 100,000
 * @param binNanos width of a time bin for flow correlation, nanoseconds, 1 or more
 * @param bins how many bins of a flow are looked at, 10 to 100,000
 * @param lags how many bins later than at one end bytes may be seen at the other, 0 to {@code bins} / 2
 * @param trees how many trees a forest has, 1 to 10,000
 * @param epochs how often a network sees each training flow, 1 to 10,000
 * @param spacings the distances between candidate moments for the attack on the time of an action
 * @param watermarkSeed where the destination drew the watermarks' keys from
 */
public record AttackSettings(long seed, int trainingSeeds, int bootstraps, long binNanos, int bins, int lags, int trees,
        int epochs, List<Spacing> spacings, long watermarkSeed) {

    private static final long BIN_NANOS = 30_000_000;
    private static final int BINS = 500;
    private static final int LAGS = 16;

    /** Checks the ranges. */
    public AttackSettings {
        spacings = List.copyOf(spacings);
        check(trainingSeeds, 1, 100, "training seeds");
        check(bootstraps, 20, 100_000, "bootstraps");
        check(binNanos, 1, Long.MAX_VALUE, "nanoseconds a bin");
        check(bins, 10, 100_000, "bins");
        check(lags, 0, bins / 2, "lags");
        check(trees, 1, 10_000, "trees");
        check(epochs, 1, 10_000, "epochs");
    }

    private static void check(long value, long least, long most, String what) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + ": " + value + " is not from " + least + " to " + most);
        }
    }

    /**
     * For figures that are printed: three training seeds, 2,000 bootstraps, 500 bins of 30 ms, lags up to 480 ms.
     *
     * @param seed where all randomness comes from
     * @return settings without spacings, with the watermark's seed the same
     */
    public static AttackSettings full(long seed) {
        return new AttackSettings(seed, 3, 2_000, BIN_NANOS, BINS, LAGS, 100, 30, List.of(), seed);
    }

    /**
     * For a look within seconds: as {@link #full}, with one training seed, 200 bootstraps, fewer trees and epochs.
     *
     * @param seed where all randomness comes from
     * @return settings without spacings, with the watermark's seed the same
     */
    public static AttackSettings smoke(long seed) {
        return new AttackSettings(seed, 1, 200, BIN_NANOS, BINS, LAGS, 20, 15, List.of(), seed);
    }

    /**
     * The same with other distances for the attack on the time of an action.
     *
     * @param others the distances, each with its bound
     * @return new settings
     */
    public AttackSettings withSpacings(List<Spacing> others) {
        return new AttackSettings(seed, trainingSeeds, bootstraps, binNanos, bins, lags, trees, epochs, others,
                watermarkSeed);
    }

    /**
     * The same with another seed for the watermarks' keys.
     *
     * @param other what the destination drew its keys from
     * @return new settings
     */
    public AttackSettings withWatermarkSeed(long other) {
        return new AttackSettings(seed, trainingSeeds, bootstraps, binNanos, bins, lags, trees, epochs, spacings,
                other);
    }
}
