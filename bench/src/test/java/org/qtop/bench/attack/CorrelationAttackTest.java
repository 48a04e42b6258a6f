package org.qtop.bench.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CorrelationAttackTest {

    private static final AttackSettings SETTINGS = AttackSettings.smoke(3);

    static Stream<Attack> attacks() {
        return Attacks.all().stream().filter(attack -> attack.task() == Attack.Task.ENDS);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void shouldFindBothEndsOfPlainFlows(Attack attack) {
        Findings findings = attack.run(Split.of(new Synthetic(1).flows(300)), SETTINGS);
        Figure area = findings.figure(PairFigures.AREA).orElseThrow();
        assertTrue(area.value() > 0.9, () -> attack.name() + " " + area);
        assertTrue(area.low() <= area.value() && area.value() <= area.high(), area::toString);
        assertEquals(60, area.cases());
        assertEquals(60, findings.measures().get(0).scores().size());
        assertEquals(area.value(), findings.measures().get(0).scores().stream()
                .mapToDouble(Findings.Score::value).average().orElseThrow(), 0.05);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void shouldFindNothingInFlowsOfConstantRate(Attack attack) {
        Findings findings = attack.run(Split.of(new Synthetic(2).constantRate().flows(300)), SETTINGS);
        Figure area = findings.figure(PairFigures.AREA).orElseThrow();
        assertTrue(area.low() <= 0.5 && area.high() >= 0.5, () -> attack.name() + " " + area);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void shouldFindTheSameWithTheSameSeed(Attack attack) {
        Split first = Split.of(new Synthetic(4).flows(60));
        Split second = Split.of(new Synthetic(4).flows(60));
        assertEquals(attack.run(first, SETTINGS), attack.run(second, SETTINGS));
    }

    /** The fast sums against Pearson's formula as it stands in books. */
    @ParameterizedTest
    @EnumSource(Likeness.class)
    void shouldLikenAsTheFormulaDoes(Likeness likeness) {
        Random random = new Random(9);
        float[][] exits = rows(random, 5, 40);
        float[][] entries = rows(random, 7, 40);
        float[] found = new float[7];
        for (boolean exitIsLate : new boolean[] {true, false}) {
            Lagged lagged = new Lagged(exits, entries, exitIsLate, likeness);
            for (int lag = 0; lag < 10; lag += 3) {
                for (int i = 0; i < 5; i++) {
                    lagged.row(i, lag, found);
                    for (int j = 0; j < 7; j++) {
                        double[] exit = part(likeness, exits[i], exitIsLate ? lag : 0, 40 - lag);
                        double[] entry = part(likeness, entries[j], exitIsLate ? 0 : lag, 40 - lag);
                        assertEquals(formula(exit, entry, likeness != Likeness.COSINE), found[j], 1e-4);
                    }
                }
            }
        }
    }

    private static float[][] rows(Random random, int count, int bins) {
        float[][] rows = new float[count][bins];
        for (float[] row : rows) {
            for (int k = 0; k < bins; k++) {
                row[k] = random.nextInt(3) == 0 ? 514 * random.nextInt(20) : 0;
            }
        }
        return rows;
    }

    private static double[] part(Likeness likeness, float[] row, int from, int length) {
        double[] values = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            int below = 0;
            int same = 0;
            for (float other : row) {
                below += other < row[i] ? 1 : 0;
                same += other == row[i] ? 1 : 0;
            }
            values[i] = likeness == Likeness.SPEARMAN ? below + (same + 1) / 2.0 : row[i];
        }
        return Arrays.copyOfRange(values, from, from + length);
    }

    private static double formula(double[] x, double[] y, boolean centred) {
        double meanX = centred ? Arrays.stream(x).average().orElseThrow() : 0;
        double meanY = centred ? Arrays.stream(y).average().orElseThrow() : 0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xy / Math.sqrt(xx * yy);
    }

    @Test
    void shouldGiveAFlatEndNoLikeness() {
        float[][] flat = {{5, 5, 5, 5, 5, 5}};
        float[][] other = {{1, 2, 3, 1, 2, 9}, {0, 0, 0, 0, 0, 0}};
        float[] found = new float[2];
        new Lagged(flat, other, true, Likeness.PEARSON).row(0, 1, found);
        assertEquals(0, found[0]);
        assertEquals(0, found[1]);
    }

    @Test
    void shouldNameEachAttackOnceAndSayWhereItIsFrom() {
        List<String> names = new ArrayList<>(Attacks.all().stream().map(Attack::name).toList());
        assertEquals(names.size(), names.stream().distinct().count());
        names.forEach(name -> assertTrue(name.matches("[a-z]+(-[a-z]+)*"), name));
        Attacks.all().forEach(attack -> assertTrue(attack.source().matches(".*(19|20)\\d\\d.*"), attack.source()));
        assertEquals(0, Collections.frequency(names, ""));
    }
}
