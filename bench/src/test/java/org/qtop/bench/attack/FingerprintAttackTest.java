package org.qtop.bench.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

class FingerprintAttackTest {

    private static final AttackSettings SETTINGS = AttackSettings.smoke(5);

    static Stream<Attack> attacks() {
        return Attacks.all().stream().filter(FingerprintAttack.class::isInstance);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void shouldNameSitesThatDiffer(Attack attack) {
        Findings findings = attack.run(Split.of(new Synthetic(1).sites(5).flows(400)), SETTINGS);
        Figure accuracy = findings.figure(FingerprintAttack.ACCURACY).orElseThrow();
        assertTrue(accuracy.value() > 0.8, () -> attack.name() + " " + accuracy);
        assertEquals(80, accuracy.cases());
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void shouldNameSitesByChanceWhenLabelsMeanNothing(Attack attack) {
        SplittableRandom random = new SplittableRandom(2);
        List<Flow> flows = new Synthetic(2).flows(600).stream().map(flow -> new Flow(flow.id(), flow.circuit(),
                random.nextInt(4), flow.startNanos(), Trace.EMPTY, flow.guard(), flow.destination())).toList();
        Figure accuracy = attack.run(Split.of(flows), SETTINGS).figures().get(0);
        assertTrue(accuracy.low() <= 0.25 && accuracy.high() >= 0.25, () -> attack.name() + " " + accuracy);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void shouldWantSeveralSites(Attack attack) {
        Split split = Split.of(new Synthetic(3).sites(1).flows(50));
        assertThrows(IllegalArgumentException.class, () -> attack.run(split, SETTINGS));
    }

    @Test
    void shouldSayWhatSizesTellBeyondCells() {
        Findings odd = new SizeAttack().run(Split.of(new Synthetic(4).sites(5).oddBytes(9).flows(400)), SETTINGS);
        assertTrue(odd.figure(SizeAttack.BYTES).orElseThrow().value() > 0.95, odd::toString);
        Findings whole = new SizeAttack().run(Split.of(new Synthetic(4).sites(5).flows(400)), SETTINGS);
        Figure beyond = whole.figure(SizeAttack.BEYOND).orElseThrow();
        assertEquals(0, beyond.value(), beyond::toString);
    }

    @Test
    void shouldCountCells() {
        assertEquals(1, Cells.in(1));
        assertEquals(1, Cells.in(536));
        assertEquals(2, Cells.in(2 * 514 + 22));
        assertEquals(30, Cells.in(30 * 514 + 2 * 22));
        Cells cells = Cells.of(new Trace.Builder().add(5, true, 536).add(1_000_000_005, false, 1050).build());
        assertEquals(3, cells.size());
        assertEquals(1.0, cells.seconds()[2]);
        assertTrue(cells.upstream()[0] && !cells.upstream()[1]);
    }

    @Test
    void shouldDescribeEveryTraceByAsManyNumbers() {
        Trace some = new Synthetic(5).flows(1).get(0).guard();
        assertEquals(CellFeatures.of(some).length, CellFeatures.of(Trace.EMPTY).length);
        assertEquals(SizeFeatures.of(some, true).length, SizeFeatures.of(Trace.EMPTY, false).length);
        for (float feature : CellFeatures.of(Trace.EMPTY)) {
            assertEquals(0, feature);
        }
    }
}
