package org.qtop.engine.winding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.qtop.engine.Seeds;

class WindingTest {

    private static final long QUARTER = 1L << 62;

    @Test
    void shouldCountOneTurnForAnyClosedRound() {
        assertEquals(1, Winding.of(0, QUARTER, 2 * QUARTER, 3 * QUARTER));
        assertEquals(1, Winding.of(7, QUARTER + 7, 7));
        assertEquals(1, Winding.of(3 * QUARTER, QUARTER));
        assertEquals(2, Winding.of(0, 3 * QUARTER, 2 * QUARTER));
    }

    @Test
    void shouldCountNoTurnWithoutMovement() {
        assertEquals(0, Winding.of());
        assertEquals(0, Winding.of(5));
        assertEquals(0, Winding.of(5, 5, 5));
        assertEquals(0, Winding.closed(5, 5, 0));
        assertEquals(3, Winding.closed(5, 5, 3));
    }

    @Test
    void shouldRightlyKeepTheWindingNumberUnderASmallShift() {
        assertEquals(Winding.of(0, QUARTER, 2 * QUARTER), Winding.of(0, QUARTER + 1_000, 2 * QUARTER));
    }

    @Test
    void shouldRoundTheSumOfAdvancesUpToWholeTurns() {
        SplittableRandom random = Seeds.random();
        for (int i = 0; i < 2_000; i++) {
            long[] phases = new long[2 + random.nextInt(50)];
            phases[0] = random.nextLong();
            BigInteger sum = BigInteger.ZERO;
            for (int k = 1; k < phases.length; k++) {
                long advance = random.nextLong() >>> random.nextInt(64);
                phases[k] = phases[k - 1] + advance;
                sum = sum.add(new BigInteger(Long.toUnsignedString(advance)));
            }
            BigInteger turns = sum.add(BigInteger.ONE.shiftLeft(64)).subtract(BigInteger.ONE).shiftRight(64);
            assertEquals(turns.longValue(), Winding.of(phases));
        }
    }
}
