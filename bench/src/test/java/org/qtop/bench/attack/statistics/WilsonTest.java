package org.qtop.bench.attack.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WilsonTest {

    /** From Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3. */
    @ParameterizedTest
    @CsvSource({"81, 263, 0.2553, 0.3662", "15, 148, 0.0624, 0.1605", "0, 20, 0.0000, 0.1611", "1, 29, 0.0061, 0.1718",
        "20, 20, 0.8389, 1.0000"})
    void shouldAgreeWithPublishedIntervals(double successes, long trials, double low, double high) {
        Interval interval = Wilson.of(successes, trials);
        assertEquals(successes / trials, interval.value(), 1e-12);
        assertEquals(low, interval.low(), 5e-5);
        assertEquals(high, interval.high(), 5e-5);
    }

    @Test
    void shouldKnowNothingFromNoTrial() {
        assertEquals(new Interval(0.5, 0, 1), Wilson.of(0, 0));
    }

    @Test
    void shouldRefuseWhatIsNoProportion() {
        assertThrows(IllegalArgumentException.class, () -> Wilson.of(3, 2));
        assertThrows(IllegalArgumentException.class, () -> Wilson.of(-1, 2));
        assertThrows(IllegalArgumentException.class, () -> Wilson.of(Double.NaN, 2));
    }
}
