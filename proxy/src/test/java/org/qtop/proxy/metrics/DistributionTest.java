package org.qtop.proxy.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DistributionTest {

    @Test
    void shouldCountInBucketsWithInclusiveUpperBounds() {
        Distribution distribution = new Distribution(new long[] {10, 20});
        for (long value : new long[] {-5, 0, 10, 11, 20, 21, Long.MAX_VALUE}) {
            distribution.record(value);
        }
        assertArrayEquals(new long[] {3, 2, 2}, distribution.counts());
        assertEquals(7, distribution.count());
    }

    @Test
    void shouldGiveQuantilesToTwoDigits() {
        Distribution distribution = new Distribution(Measure.HOLD.bounds());
        for (int i = 1; i <= 1_000; i++) {
            distribution.record(i * 10_000L);
        }
        assertEquals(5_000_000, distribution.quantile(50), 50_000);
        assertEquals(9_900_000, distribution.quantile(99), 99_000);
        assertEquals(10_000_000, distribution.max(), 100_000);
        assertEquals(5_005_000_000L, distribution.sum());
        assertEquals(0, new Distribution(new long[0]).quantile(50));
    }
}
