package org.qtop.bench.lab;

import java.util.SplittableRandom;

/** Randomness that depends on the run's seed and on what it is for, and on nothing else. Stateless. */
final class Draws {

    private static final long STEP = 0x9e3779b97f4a7c15L;

    private Draws() {
    }

    /** A generator for one purpose; numbers tell several things of that purpose apart. */
    static SplittableRandom of(long seed, String purpose, long... numbers) {
        long state = mix(seed) ^ mix(purpose.hashCode());
        for (long number : numbers) {
            state = mix(state * STEP + number);
        }
        return new SplittableRandom(state);
    }

    /** Stafford's variant 13 of the 64-bit finalizer of MurmurHash3. */
    private static long mix(long value) {
        long z = value + STEP;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    static double exponential(SplittableRandom random, double mean) {
        return -mean * Math.log1p(-random.nextDouble());
    }

    /** A size whose logarithm is normal, kept within limits. */
    static int lognormal(SplittableRandom random, double median, double sigma, int least, int most) {
        double value = median * Math.exp(sigma * normal(random));
        return (int) Math.max(least, Math.min(most, Math.round(value)));
    }

    /** Box and Muller's normal draw; SplittableRandom has none in Java 17. */
    static double normal(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log1p(-random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    static void shuffle(java.util.List<?> list, SplittableRandom random) {
        java.util.Collections.shuffle(list, new java.util.Random(random.nextLong()));
    }
}
