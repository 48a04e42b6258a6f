package org.qtop.bench.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompareTest {

    private static final AttackSettings SETTINGS = AttackSettings.full(4);

    private static Compare.Mode mode(String name, double... values) {
        List<Findings.Score> scores = IntStream.range(0, values.length)
                .mapToObj(i -> new Findings.Score(i, i / 2, values[i])).toList();
        return new Compare.Mode(name, List.of(new Findings("guess", List.of(), List.of(),
                List.of(new Findings.Measure("right", scores)), List.of())));
    }

    private static double[] random(long seed, int count, double chance) {
        Random random = new Random(seed);
        return IntStream.range(0, count).mapToDouble(i -> random.nextDouble() < chance ? 1 : 0).toArray();
    }

    @Test
    void shouldFindARealDifferenceAndNoOther() {
        double[] base = random(1, 400, 0.8);
        double[] worse = base.clone();
        for (int i = 0; i < 400; i += 10) {
            worse[i] = 0;
        }
        int lost = IntStream.range(0, 400).filter(i -> base[i] != worse[i]).toArray().length;
        List<Compare.Difference> all = Compare.between(mode("straight", base),
                List.of(mode("held", worse), mode("same", random(2, 400, 0.8))), SETTINGS);
        Compare.Difference held = all.get(0);
        assertEquals("straight", held.base());
        assertEquals("held", held.other());
        assertEquals(-lost / 400.0, held.difference(), 1e-12);
        assertTrue(held.low() < held.difference() && held.difference() < held.high() && held.high() < 0);
        assertEquals(2.0 / 2001, held.p(), 1e-12);
        assertEquals(4.0 / 2001, held.holm(), 1e-12);
        Compare.Difference same = all.get(1);
        assertTrue(same.low() < 0 && same.high() > 0 && same.holm() > 0.05, same.toString());
    }

    @Test
    void shouldCompareOnlyCasesOfBoth() {
        List<Compare.Difference> all = Compare.between(mode("long", random(1, 100, 0.5)),
                List.of(mode("short", random(3, 40, 0.5))), SETTINGS);
        assertEquals(40, all.get(0).cases());
    }

    @Test
    void shouldSayNothingFromOneCircuit() {
        assertEquals(List.of(), Compare.between(mode("base", 1, 0), List.of(mode("other", 0, 0)), SETTINGS));
    }

    @Test
    void shouldFindNoDifferenceBetweenAModeAndItself() {
        Compare.Mode base = mode("base", random(1, 100, 0.5));
        Compare.Difference none = Compare.between(base, List.of(base), SETTINGS).get(0);
        assertEquals(0, none.difference());
        assertEquals(1, none.p());
    }
}
