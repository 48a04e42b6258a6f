package org.qtop.bench.attack.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairScoresTest {

    /** Right pairs score 9, 5 and 2; wrong ones 1, 3, 4, 5, 6, 7. */
    private static final float[][] THREE = {{9, 1, 5}, {3, 5, 6}, {4, 7, 2}};

    @Test
    void shouldEvaluateByHand() {
        Evaluation all = new PairScores(THREE, 5, 6).evaluate();
        // 9 beats 6; 5 beats 3 and half of one; 2 beats 1: (6 + 3.5 + 1) / 18.
        assertEquals(10.5 / 18, all.area(), 1e-12);
        assertEquals(2.0 / 3, all.truePositives(0), 1e-12);
        assertEquals(3.0 / 6, all.falsePositives(0), 1e-12);
        assertEquals(1.0 / 3, all.truePositives(1), 1e-12);
        assertEquals(2.0 / 6, all.falsePositives(1), 1e-12);
        assertEquals(1.0 / 3, all.truePositivesAt(0), 1e-12);
        assertEquals(2.0 / 3, all.truePositivesAt(0.5), 1e-12);
        assertEquals(1, all.truePositivesAt(1), 1e-12);
        // Rows: 9 is above both; 5 is above one of two; 2 is above none.
        assertEquals((1 + Math.pow(0.5, 199) + 0) / 3, all.rankOne(), 1e-12);
        double precision = 1e-4 / 3 / (1e-4 / 3 + 0.9999 * 2.5 / 7);
        assertEquals(precision, all.precision(1), 1e-12);
        assertArrayEquals(new double[] {1, 0.5, 0}, new PairScores(THREE).ownAreas(), 1e-12);
    }

    @Test
    void shouldDrawACurveFromOneCornerToTheOther() {
        List<double[]> points = new PairScores(THREE).evaluate().curve(100);
        assertArrayEquals(new double[] {0, 0}, points.get(0));
        assertArrayEquals(new double[] {0, 1.0 / 3}, points.get(1), 1e-12);
        assertArrayEquals(new double[] {1, 1}, points.get(points.size() - 1));
        for (int i = 1; i < points.size(); i++) {
            assertTrue(points.get(i)[0] >= points.get(i - 1)[0] && points.get(i)[1] >= points.get(i - 1)[1]);
        }
    }

    /** The slow, obvious way: write every drawn flow out, and compare all right pairs with all wrong ones. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldWeighAsIfDrawnFlowsWereWrittenOut(long seed) {
        Random random = new Random(seed);
        int n = 12;
        float[][] scores = new float[n][n];
        for (float[] row : scores) {
            for (int j = 0; j < n; j++) {
                row[j] = random.nextInt(9);
            }
        }
        int[] weights = new Resample(new int[] {0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 8}, seed)
                .weights(new java.util.SplittableRandom(seed));
        List<Integer> drawn = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < weights[i]; k++) {
                drawn.add(i);
            }
        }
        double sum = 0;
        long wrongs = 0;
        long reaching = 0;
        for (int right : drawn) {
            for (int i : drawn) {
                for (int j : drawn) {
                    if (i != j) {
                        sum += Math.signum(scores[right][right] - scores[i][j]) / 2 + 0.5;
                    }
                }
            }
        }
        for (int i : drawn) {
            for (int j : drawn) {
                wrongs += i != j ? 1 : 0;
                reaching += i != j && scores[i][j] >= 4 ? 1 : 0;
            }
        }
        Evaluation evaluation = new PairScores(scores, 4).evaluate(weights);
        assertEquals(sum / wrongs / drawn.size(), evaluation.area(), 1e-12);
        assertEquals((double) reaching / wrongs, evaluation.falsePositives(0), 1e-12);
        assertEquals(drawn.stream().filter(i -> scores[i][i] >= 4).count() / (double) drawn.size(),
                evaluation.truePositives(0), 1e-12);
    }

    @Test
    void shouldBreakTiesAtRandomInTheCrowd() {
        assertEquals(1.0 / 200, PairScores.first(0, 50, 50), 1e-12);
        assertEquals(1, PairScores.first(0, 0, 50), 1e-12);
        assertEquals(0, PairScores.first(50, 0, 50), 1e-12);
        // By simulation: 199 of 999, three of them as good, none better.
        Random random = new Random(7);
        double won = 0;
        for (int run = 0; run < 20_000; run++) {
            int ties = 0;
            for (int i = 0; i < 199; i++) {
                ties += random.nextInt(999) < 3 ? 1 : 0;
            }
            won += 1.0 / (1 + ties);
        }
        assertEquals(won / 20_000, PairScores.first(0, 3, 999), 0.01);
    }

    @Test
    void shouldGiveAConstantScoreNothing() {
        Evaluation none = new PairScores(new float[50][50], Thresholds.at(new float[50][50], 0.01)).evaluate();
        assertEquals(0.5, none.area(), 1e-12);
        assertEquals(1.0 / 200, none.rankOne(), 1e-12);
        assertEquals(0, none.truePositives(0));
        assertEquals(0, none.truePositivesAt(0.5));
    }

    @Test
    void shouldRefuseAScoreThatIsNotANumber() {
        float[][] scores = {{1, 2}, {Float.NaN, 1}};
        assertThrows(IllegalArgumentException.class, () -> new PairScores(scores));
    }

    @Test
    void shouldChooseTheLowestThresholdThatFewEnoughWrongPairsReach() {
        // Wrong: 1 3 4 5 6 7.
        assertEquals(Math.nextUp(7f), Thresholds.at(THREE, 0));
        assertEquals(Math.nextUp(7f), Thresholds.at(THREE, 0.16));
        assertEquals(Math.nextUp(6f), Thresholds.at(THREE, 0.17));
        assertEquals(Math.nextUp(4f), Thresholds.at(THREE, 0.5));
        assertEquals(1f, Thresholds.at(THREE, 1));
        assertThrows(IllegalArgumentException.class, () -> Thresholds.at(new float[1][1], 0.5));
    }
}
