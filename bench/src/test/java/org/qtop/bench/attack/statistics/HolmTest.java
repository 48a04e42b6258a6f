package org.qtop.bench.attack.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class HolmTest {

    /** By hand: 0.01 x 4, then max(0.04, 0.02 x 3), then max(0.06, 0.03 x 2), then max(0.06, 0.04 x 1). */
    @Test
    void shouldMultiplyByWhatIsLeftAndNeverFall() {
        assertArrayEquals(new double[] {0.06, 0.04, 0.06, 0.06},
                Holm.adjust(new double[] {0.04, 0.01, 0.03, 0.02}), 1e-12);
    }

    @Test
    void shouldStopAtOne() {
        assertArrayEquals(new double[] {1, 1}, Holm.adjust(new double[] {0.7, 0.9}), 0);
        assertArrayEquals(new double[0], Holm.adjust(new double[0]), 0);
    }
}
