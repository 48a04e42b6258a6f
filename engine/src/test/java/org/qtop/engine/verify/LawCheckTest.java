package org.qtop.engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LawCheckTest {

    private static void check(long a, long b) {
        assertEquals(LawCheck.unsigned(a).multiply(LawCheck.unsigned(b)).shiftRight(64).longValue(),
                LawCheck.upperHalf(a, b), () -> Long.toUnsignedString(a) + " times " + Long.toUnsignedString(b));
    }

    @Test
    void shouldMultiplyAsBigIntegersDo() {
        long[] edges = LongStream.of(0, 1, 0xffff_ffffL, 0x1_0000_0000L, 0x1_0000_0001L, Long.MAX_VALUE, Long.MIN_VALUE,
                -2, -1, 0xffff_ffff_0000_0000L, 60_000_000_001L).toArray();
        for (long a : edges) {
            for (long b : edges) {
                check(a, b);
            }
        }
        Random random = new Random(64);
        for (int i = 0; i < 100_000; i++) {
            check(random.nextLong(), random.nextLong() >>> random.nextInt(64));
        }
    }
}
