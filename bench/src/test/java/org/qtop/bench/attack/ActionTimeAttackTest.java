package org.qtop.bench.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

class ActionTimeAttackTest {

    private static final long MILLI = 1_000_000;
    private static final ActionTimeAttack ATTACK = new ActionTimeAttack();

    /** Of holds even from 0 to R, two moments D apart are told apart with chance (1 + D / R) / 2, at most 1. */
    private static AttackSettings spacings(long range, long... distances) {
        return AttackSettings.smoke(6).withSpacings(LongStream.of(distances)
                .mapToObj(nanos -> new Spacing(nanos, Math.min(1, 0.5 + nanos / (2.0 * range)))).toList());
    }

    @Test
    void shouldDoAsWellAsTheBestObserverOfEvenHolds() {
        AttackSettings settings = spacings(100 * MILLI, 1 * MILLI, 10 * MILLI, 30 * MILLI, 60 * MILLI, 90 * MILLI,
                150 * MILLI);
        List<Flow> flows = new Synthetic(1).held(100 * MILLI).flows(4000);
        Findings findings = ATTACK.run(Split.of(flows), settings);
        assertEquals(6, findings.figures().size());
        for (Figure figure : findings.figures()) {
            assertFalse(figure.isAboveBound(), figure::toString);
            assertTrue(figure.value() > figure.bound() - 0.06, figure::toString);
            assertEquals(figure.cases(), findings.measures().get(0).scores().size());
        }
    }

    @Test
    void shouldKnowTheMomentWhereNothingIsHeld() {
        Findings findings = ATTACK.run(Split.of(new Synthetic(2).flows(200)), spacings(100 * MILLI, MILLI, 5 * MILLI));
        for (Figure figure : findings.figures()) {
            assertEquals(1, figure.value(), figure::toString);
            assertTrue(figure.isAboveBound(), figure::toString);
        }
    }

    @Test
    void shouldTossACoinWhereNothingIsSeen() {
        List<Flow> blind = new Synthetic(3).flows(2000).stream().map(flow -> new Flow(flow.id(), flow.circuit(),
                flow.label(), flow.startNanos(), Trace.EMPTY, Trace.EMPTY, flow.destination())).toList();
        Figure figure = ATTACK.run(Split.of(blind), spacings(100 * MILLI, 50 * MILLI)).figures().get(0);
        assertTrue(figure.low() <= 0.5 && figure.high() >= 0.5, figure::toString);
    }

    @Test
    void shouldWantSpacings() {
        Split split = Split.of(new Synthetic(4).flows(50));
        assertThrows(IllegalArgumentException.class, () -> ATTACK.run(split, AttackSettings.smoke(1)));
    }

    @Test
    void shouldNameDistancesInMilliseconds() {
        assertEquals("right moment of two 0.1 ms apart", ActionTimeAttack.figure(new Spacing(100_000, 1)));
        assertEquals("right moment of two 1000 ms apart", ActionTimeAttack.figure(new Spacing(1000 * MILLI, 1)));
    }
}
