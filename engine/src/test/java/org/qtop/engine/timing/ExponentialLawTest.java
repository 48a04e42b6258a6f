package org.qtop.engine.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.engine.Seeds;
import org.qtop.engine.verify.ReleaseRecord;
import org.qtop.engine.verify.ReleaseVerifier;
import org.qtop.engine.verify.Violation;

/** The planner's exponential holds against the verifier's arithmetic, which is another. */
class ExponentialLawTest {

    private final SplittableRandom random = Seeds.random();

    @ParameterizedTest
    @ValueSource(strings = {
        "exponential:100000:10000000:2000000", "exponential:0:10000000:495000", "exponential:0:60000000000:3000000000",
        "exponential:0:60000000000:20000000000", "exponential:0:60000000000:600000000000",
        "exponential:0:9:1", "exponential:0:9:600000000000", "exponential:7:7:3", "exponential:1000000:2000000:70000"})
    void shouldBeTheExactFloorOverTheWholeRange(String text) {
        HoldLaw law = HoldLaw.parse(text);
        for (int i = 0; i < 2_000; i++) {
            // Every magnitude, near both ends of the unsigned range as well as in the middle.
            long advance = random.nextLong() >>> random.nextInt(64);
            assertExact(law, advance);
            assertExact(law, ~advance);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exponential:0:60000000000:3000000000", "exponential:100000:10000000:2000000"})
    void shouldBeExactWhereTheHoldSteps(String text) {
        HoldLaw law = HoldLaw.parse(text);
        for (int i = 0; i < 500; i++) {
            long hold = law.quantile(random.nextLong());
            if (hold < law.maxNanos()) {
                long last = lastWith(hold, law::quantile);
                for (long near = last - 2; near <= last + 2; near++) {
                    assertExact(law, near);
                }
                assertEquals(hold, law.quantile(last));
                assertTrue(law.quantile(last + 1) > hold);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exponential:0:60000000000:3000000000", "exponential:0:1000:300", "uniform:0:1000",
        "uniform:100000:10000000"})
    void shouldNeverFallWhenTheAdvanceRises(String text) {
        HoldLaw law = HoldLaw.parse(text);
        for (int i = 0; i < 100_000; i++) {
            long advance = random.nextLong();
            long further = advance + (random.nextLong() >>> 1 + random.nextInt(63));
            if (Long.compareUnsigned(further, advance) > 0) {
                assertTrue(law.quantile(further) >= law.quantile(advance), text + " at " + advance);
            }
        }
    }

    @Test
    void shouldRefuseAMeanThatNeverReachesTheEnd() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> HoldLaw.exponential(0, 60_000_000_000L, 1_000_000_000)).getMessage();
        assertTrue(message.contains("at least 3000000001 ns"), message);
        assertThrows(IllegalArgumentException.class, () -> HoldLaw.exponential(0, 60_000_000_000L, 1));
        assertEquals(60_000_000_000L, HoldLaw.exponential(0, 60_000_000_000L, 3_000_000_001L).quantile(-1));
    }

    private static void assertExact(HoldLaw law, long advance) {
        long hold = law.quantile(advance);
        for (long other = hold - 1; other <= hold + 1; other++) {
            boolean refused = new ReleaseVerifier()
                    .check(new ReleaseRecord(1, 1, advance, other, 0, 0, advance, 0, 1, law.toString()))
                    .contains(Violation.HOLD_NOT_QUANTILE);
            assertEquals(other != hold, refused, law + " advance " + advance + " hold " + other);
        }
    }

    private static long lastWith(long hold, LongUnaryOperator quantile) {
        long low = 0;
        long high = -1;
        while (Long.compareUnsigned(high - low, 1) > 0) {
            long middle = low + (high - low >>> 1);
            if (quantile.applyAsLong(middle) > hold) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }
}
