package org.qtop.engine.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.qtop.engine.seed.QuantumCache;

/** 10^7 holds of each law with seeds of a real cache. Each bound is passed by chance less than once in 10^6 runs. */
class HoldStatisticsTest {

    private static final int HOLDS = 10_000_000;
    private static final long MIN = 100_000;
    private static final long MAX = 10_000_000;
    private static final int GROUPS = 8;
    private static final int BINS = 256;
    /** Of the Kolmogorov distribution: P(sqrt(n) D > 2.7) is below 10^-6. */
    private static final double KOLMOGOROV = 2.7;
    /** Of the normal distribution, in standard deviations. */
    private static final double NORMAL = 5.5;

    private static QuantumCache cache;

    @BeforeAll
    static void open() {
        cache = new QuantumCache(QuantumCache.DEFAULT_CAPACITY, List.of(), Runnable::run);
    }

    @AfterAll
    static void close() {
        cache.close();
    }

    @Test
    void shouldFollowTheUniformLaw() {
        double width = MAX - MIN + 1;
        double mean = followsItsLaw(HoldLaw.uniform(MIN, MAX), x -> x / width);
        assertEquals(5.05e6, mean, NORMAL * width / Math.sqrt(12.0 * HOLDS));
    }

    @Test
    void shouldFollowTheExponentialLaw() {
        double width = MAX - MIN + 1;
        followsItsLaw(HoldLaw.exponential(MIN, MAX, 2_500_000),
                x -> Math.expm1(-x / 2.5e6) / Math.expm1(-width / 2.5e6));
    }

    @Test
    void shouldGiveTheSeedGuidesHolds() {
        TopologicalTimingEngine engine = new TopologicalTimingEngine(cache, 6.28318, 0.1, 10.0);
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        double sum = 0;
        int holds = 1_000_000;
        for (int i = 0; i < holds; i++) {
            long hold = engine.computeDelay(i % 100, i);
            shortest = Math.min(shortest, hold);
            longest = Math.max(longest, hold);
            sum += hold;
        }
        // A stretch of 200 ns at either end is missed by all of them once in e^20 runs.
        assertTrue(shortest >= MIN && shortest < MIN + 200, "shortest " + shortest);
        assertTrue(longest <= MAX && longest > MAX - 200, "longest " + longest);
        assertEquals(5.05e6, sum / holds, NORMAL * (MAX - MIN) / Math.sqrt(12.0 * holds));
        assertEquals(MIN, engine.holdNanos(0));
        assertEquals(MAX, engine.holdNanos(-1));
        assertEquals(6.28318, engine.windingQuantum());
    }

    private static double followsItsLaw(HoldLaw law, DoubleUnaryOperator below) {
        TopologicalTimingEngine engine = new TopologicalTimingEngine(cache::nextSeed, law, 2 * Math.PI, 1_000);
        int[] counts = new int[(int) (MAX - MIN + 1)];
        long[][] byCircuit = new long[GROUPS][BINS];
        long[][] byStream = new long[GROUPS][BINS];
        double middle = (MIN + MAX) / 2.0;
        double before = 0;
        double sum = 0;
        double squares = 0;
        double products = 0;
        for (int i = 0; i < HOLDS; i++) {
            int circuit = i % GROUPS;
            int stream = i / GROUPS;
            long hold = engine.computeDelay(circuit, stream);
            counts[(int) (hold - MIN)]++;
            int bin = (int) (below.applyAsDouble(hold - MIN) * BINS);
            byCircuit[circuit][bin]++;
            byStream[stream % GROUPS][bin]++;
            double centred = hold - middle;
            sum += centred;
            squares += centred * centred;
            products += centred * before;
            before = centred;
        }
        double distance = distance(counts, below);
        assertTrue(distance * Math.sqrt(HOLDS) < KOLMOGOROV, law + ": Kolmogorov-Smirnov distance " + distance);
        double mean = sum / HOLDS;
        double correlation = (products / HOLDS - mean * mean) / (squares / HOLDS - mean * mean);
        assertTrue(Math.abs(correlation) * Math.sqrt(HOLDS) < NORMAL, law + ": serial correlation " + correlation);
        assertTrue(excess(byCircuit) < NORMAL, law + ": circuits differ by " + excess(byCircuit));
        assertTrue(excess(byStream) < NORMAL, law + ": streams differ by " + excess(byStream));
        return mean + middle;
    }

    /** The largest distance between the empirical and the exact distribution, over every whole nanosecond. */
    private static double distance(int[] counts, DoubleUnaryOperator below) {
        long seen = 0;
        double largest = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            largest = Math.max(largest, Math.abs((double) seen / HOLDS - below.applyAsDouble(i + 1.0)));
        }
        return largest;
    }

    /** Pearson's statistic of the table, in standard deviations beyond its mean. */
    private static double excess(long[][] table) {
        double statistic = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double all = 0;
            for (long[] group : table) {
                all += group[bin];
            }
            double expected = all / GROUPS;
            for (long[] group : table) {
                statistic += (group[bin] - expected) * (group[bin] - expected) / expected;
            }
        }
        double freedom = (BINS - 1) * (GROUPS - 1);
        return (statistic - freedom) / Math.sqrt(2 * freedom);
    }
}
