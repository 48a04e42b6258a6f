package org.qtop.engine.phase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.qtop.engine.Seeds;

class PhaseTest {

    private static final long[] EDGES = {0, 1, 2, Long.MAX_VALUE - 1, Long.MAX_VALUE, Long.MIN_VALUE,
        Long.MIN_VALUE + 1, -2, -1};

    @Test
    void shouldAgreeWithWholeNumbersAtTheEdges() {
        for (long from : EDGES) {
            for (long advance : EDGES) {
                assertAgrees(from, advance);
            }
        }
    }

    @Test
    void shouldAgreeWithWholeNumbersEverywhere() {
        SplittableRandom random = Seeds.random();
        for (int i = 0; i < 100_000; i++) {
            assertAgrees(random.nextLong() >>> random.nextInt(64), random.nextLong() >>> random.nextInt(64));
        }
    }

    @Test
    void shouldShowPhasesBelowOneTurn() {
        assertEquals(0, Phase.turns(0));
        assertEquals(0.5, Phase.turns(Long.MIN_VALUE));
        assertTrue(Phase.turns(-1) < 1);
        assertEquals(Math.PI, Phase.angle(Long.MIN_VALUE, 2 * Math.PI));
    }

    private static void assertAgrees(long from, long advance) {
        BigInteger sum = unsigned(from).add(unsigned(advance));
        long to = Phase.add(from, advance);
        assertEquals(sum.longValue(), to);
        assertEquals(sum.shiftRight(64).intValue(), Phase.wraps(from, to), from + " and " + advance);
        assertEquals(advance, Phase.advance(from, to));
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
