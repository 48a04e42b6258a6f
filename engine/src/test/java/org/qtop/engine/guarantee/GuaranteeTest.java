package org.qtop.engine.guarantee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qtop.engine.Seeds;
import org.qtop.engine.timing.HoldLaw;

class GuaranteeTest {

    private static final long MIN = 100_000;
    private static final long MAX = 10_000_000;
    private static final long APART = 2_000_000;
    private static final int TRIALS = 1_000_000;
    /** Standard errors: beyond this once in a million runs. */
    private static final double SURE = 5;

    private final SplittableRandom random = Seeds.random();

    @Test
    void shouldGiveTheNumbersOfTheDefaultSettings() {
        assertEquals(2 / 9.9, Guarantee.uniform(MAX - MIN, APART), 1e-15);
        assertEquals((1 - Math.exp(-1)) / (1 - Math.exp(-4.95)),
                Guarantee.exponential(MAX - MIN, 2_000_000, APART), 1e-15);
        assertEquals(1 - Math.pow(1 - 2 / 9.9, 7), Guarantee.repeated(2 / 9.9, 7), 1e-15);
        assertEquals(0.2, Guarantee.bound(MAX - MIN, APART));
        assertEquals(0.75, Guarantee.bestGuess(0.5));
    }

    @ParameterizedTest
    @CsvSource({"10, 0, 0, 0", "10, 10, 1, 0.5", "10, 11, 1, 1", "0, 1, 1, 1", "10, 5, 0.5, 0.333333333333333333",
        "10, 3, 0.3, 0.25"})
    void shouldHoldAtTheEdges(long width, long apart, double variation, double bound) {
        assertEquals(variation, Guarantee.uniform(width, apart));
        assertEquals(bound, Guarantee.bound(width, apart));
        assertTrue(Guarantee.exponential(width, 3, apart) >= variation);
        assertTrue(Guarantee.uniform(width, apart) >= bound);
    }

    @Test
    void shouldBeAttainedByEqualAtoms() {
        // The law behind the bound: atoms at 0, 3, 6 and 9 of a width of 10, and the same 3 later.
        double[] atoms = new double[13];
        double[] later = new double[16];
        for (int at = 0; at <= 9; at += 3) {
            atoms[at] = 0.25;
            later[at + 3] = 0.25;
        }
        double variation = 0;
        for (int at = 0; at < later.length; at++) {
            variation += Math.abs((at < atoms.length ? atoms[at] : 0) - later[at]) / 2;
        }
        assertEquals(Guarantee.bound(10, 3), variation);
    }

    @Test
    void shouldHoldThatNoLawGetsBelowTheBound() {
        for (int i = 0; i < 20_000; i++) {
            int width = 1 + random.nextInt(12);
            int apart = 1 + random.nextInt(width);
            double[] law = random.doubles(width + 1).map(x -> Math.pow(x, 8)).toArray();
            double sum = 0;
            double difference = 0;
            for (int at = 0; at <= width + apart; at++) {
                double now = at <= width ? law[at] : 0;
                double then = at >= apart ? law[at - apart] : 0;
                sum += now;
                difference += Math.abs(now - then) / 2;
            }
            assertTrue(difference / sum >= Guarantee.bound(width, apart) - 1e-12, "width " + width + " apart " + apart);
        }
    }

    @ParameterizedTest
    @CsvSource({"uniform:100000:10000000, 0, 1", "exponential:100000:10000000:2500000, 2500000, 1",
        "uniform:100000:10000000, 0, 3", "exponential:100000:10000000:4000000, 4000000, 3"})
    void shouldAgreeWithABestGuesserWhoTries(String text, long mean, int streams) {
        HoldLaw law = HoldLaw.parse(text);
        HoldShape shape = new HoldShape(law.minNanos(), law.maxNanos(), mean);
        double predicted = new Explanation(shape, APART, streams).row().bestGuessOfAll();
        int right = 0;
        for (int i = 0; i < TRIALS; i++) {
            boolean later = random.nextBoolean();
            long first = Long.MAX_VALUE;
            long last = 0;
            for (int s = 0; s < streams; s++) {
                long release = (later ? APART : 0) + law.quantile(random.nextLong());
                first = Math.min(first, release);
                last = Math.max(last, release);
            }
            // Too early for the later moment: the earlier one. Else the later one is at least as likely.
            boolean guess = first >= APART + law.minNanos() || last > law.maxNanos();
            right += guess == later ? 1 : 0;
        }
        double error = Math.sqrt(predicted * (1 - predicted) / TRIALS);
        assertEquals(predicted, (double) right / TRIALS, SURE * error, law + " with " + streams);
    }

    @Test
    void shouldRefuseWhatMeansNothing() {
        assertThrows(IllegalArgumentException.class, () -> Guarantee.uniform(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> Guarantee.uniform(1, -1));
        assertThrows(IllegalArgumentException.class, () -> Guarantee.exponential(1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> Guarantee.repeated(0.5, 0));
        assertThrows(IllegalArgumentException.class, () -> Guarantee.repeated(1.5, 1));
        assertThrows(IllegalArgumentException.class, () -> Guarantee.bestGuess(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new HoldShape(2, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> HoldShape.exponential(1, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> new Explanation(HoldShape.uniform(0, 1), 0, 1));
    }
}
