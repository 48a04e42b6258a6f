package org.qtop.bench.attack.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntervalTest {

    @Test
    void shouldTakeTheOuterFortiethsOff() {
        double[] draws = IntStream.rangeClosed(0, 1000).mapToDouble(i -> (i * 8) % 1001).toArray();
        assertEquals(new Interval(3, 25, 975), Interval.ofDraws(3, draws));
        assertEquals(2.5, Interval.quantile(new double[] {1, 2, 3, 4}, 0.5), 1e-12);
    }

    @Test
    void shouldHoldItsEnds() {
        Interval interval = new Interval(2, 1, 3);
        assertTrue(interval.holds(1) && interval.holds(3));
        assertFalse(interval.holds(0.999) || interval.holds(3.001));
    }

    @Test
    void shouldDrawWholeClusters() {
        Resample resample = new Resample(new int[] {5, -1, 5, 9}, 3);
        assertEquals(3, resample.clusters());
        for (int draw = 0; draw < 100; draw++) {
            int[] weights = resample.weights(resample.random(draw));
            assertEquals(weights[0], weights[2]);
            assertEquals(3, weights[0] + weights[1] + weights[3]);
            assertTrue(Arrays.equals(weights, resample.weights(resample.random(draw))));
        }
    }

    /** Of 400 samples of 100 normal numbers, the interval of the mean should miss the truth in about 5 %. */
    @Test
    void shouldCoverTheTruthAsOftenAsItSays() {
        Random random = new Random(11);
        int covered = 0;
        for (int sample = 0; sample < 400; sample++) {
            double[] values = IntStream.range(0, 100).mapToDouble(i -> random.nextGaussian()).toArray();
            Resample resample = new Resample(IntStream.range(0, 100).toArray(), sample);
            double[] draws = IntStream.range(0, 400).mapToDouble(draw -> {
                SplittableRandom own = resample.random(draw);
                int[] weights = resample.weights(own);
                return IntStream.range(0, 100).mapToDouble(i -> weights[i] * values[i]).sum() / 100;
            }).toArray();
            covered += Interval.ofDraws(0, draws).holds(0) ? 1 : 0;
        }
        assertTrue(covered >= 365 && covered <= 392, covered + " of 400");
    }
}
