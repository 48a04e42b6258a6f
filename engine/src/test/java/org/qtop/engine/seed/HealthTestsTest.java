package org.qtop.engine.seed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qtop.engine.Seeds;

class HealthTestsTest {

    private final SplittableRandom random = Seeds.random();

    /** The values for bytes that NIST SP 800-90B's formulas give. */
    @ParameterizedTest
    @CsvSource({"8, 20, 4, 13", "8, 30, 5, 16", "8, 40, 6, 19", "4, 20, 6, 62", "4, 30, 9, 71", "4, 40, 11, 78",
        "1, 20, 21, 311", "1, 30, 31, 325", "1, 40, 41, 336"})
    void shouldComputeItsCutoffs(double entropy, int alpha, int repetition, int proportion) {
        HealthLimits limits = new HealthLimits(entropy, alpha);
        assertEquals(repetition, limits.repetitionCutoff());
        assertEquals(proportion, limits.proportionCutoff());
    }

    @Test
    void shouldRefuseLimitsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new HealthLimits(0, 30));
        assertThrows(IllegalArgumentException.class, () -> new HealthLimits(8.1, 30));
        assertThrows(IllegalArgumentException.class, () -> new HealthLimits(Double.NaN, 30));
        assertThrows(IllegalArgumentException.class, () -> new HealthLimits(8, 19));
        assertThrows(IllegalArgumentException.class, () -> new HealthLimits(8, 61));
    }

    @Test
    void shouldPassUniformBytes() {
        HealthTests tests = new HealthTests(HealthLimits.DEFAULT);
        byte[] bytes = new byte[1_000_000];
        random.nextBytes(bytes);
        assertNull(tests.take(bytes, bytes.length));
    }

    @Test
    void shouldFailAtTheVeryRepetitionOfTheCutoff() {
        byte[] bytes = {1, 2, 7, 7, 7, 7};
        HealthTests tests = new HealthTests(HealthLimits.DEFAULT);
        assertNull(tests.take(bytes, bytes.length));
        String failure = tests.take(new byte[] {7}, 1);
        assertEquals("repetition count test: one byte 5 times in a row", failure);
    }

    @Test
    void shouldFailAtTheVeryProportionOfTheCutoff() {
        HealthLimits limits = HealthLimits.DEFAULT;
        byte[] window = new byte[HealthLimits.WINDOW];
        for (int i = 0; i < window.length; i++) {
            window[i] = (byte) (1 + i % 200);
        }
        window[0] = (byte) 255;
        for (int i = 1; i < limits.proportionCutoff() - 1; i++) {
            window[i * 20] = (byte) 255;
        }
        HealthTests tests = new HealthTests(limits);
        assertNull(tests.take(window, window.length));
        window[window.length - 1] = (byte) 255;
        assertEquals("adaptive proportion test: one byte 16 times in 512", tests.take(window, window.length));
    }

    @Test
    void shouldFailStuckBiasedAndWrittenBytes() {
        byte[] stuck = new byte[1024];
        assertNotNull(new HealthTests(HealthLimits.DEFAULT).take(stuck, stuck.length));
        byte[] biased = new byte[1024];
        random.nextBytes(biased);
        for (int i = 0; i < biased.length; i++) {
            biased[i] &= (byte) 0x0f;
        }
        assertNotNull(new HealthTests(HealthLimits.DEFAULT).take(biased, biased.length));
        byte[] html = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"
                .repeat(12).getBytes(StandardCharsets.US_ASCII);
        assertNotNull(new HealthTests(HealthLimits.DEFAULT).take(html, html.length));
    }

    @Test
    void shouldFailHealthyBytesAsRarelyAsItClaims() {
        // At alpha 2^-20 the repetition count test fails 10^7 uniform bytes some 0.6 times on average, the other 0.07.
        HealthLimits limits = new HealthLimits(8, 20);
        int failures = 0;
        byte[] bytes = new byte[1_000];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(bytes);
            failures += new HealthTests(limits).take(bytes, bytes.length) == null ? 0 : 1;
        }
        assertTrue(failures < 12, failures + " failures");
    }
}
