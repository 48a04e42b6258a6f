package org.qtop.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.qtop.bench.attack.Spacing;
import org.qtop.engine.guarantee.HoldShape;

class ModeTest {

    @Test
    void shouldReadItsLawAsQtopDoes() {
        assertEquals(HoldShape.uniform(100_000, 10_000_000), Mode.REQUEST.shape().orElseThrow());
        assertEquals(HoldShape.uniform(0, 1_000_000_000), Mode.REQUEST_1S.shape().orElseThrow());
        assertEquals(HoldShape.exponential(100_000, 10_000_000, 2_475_000), Mode.ATTACH_EXP.shape().orElseThrow());
        assertTrue(Mode.DIRECT.shape().isEmpty());
        for (Mode mode : Mode.values()) {
            assertEquals(mode.settings().isPresent(), mode.shape().isPresent(), mode.key());
        }
    }

    @Test
    void shouldBeFoundByNameAndNameAllWhereItIsNot() {
        for (Mode mode : Mode.values()) {
            assertEquals(mode, Mode.of(mode.key()));
        }
        assertEquals(Mode.values().length, Arrays.stream(Mode.values()).map(Mode::words).distinct().count());
        String words = assertThrows(IllegalArgumentException.class, () -> Mode.of("requests")).getMessage();
        assertTrue(words.contains("\"requests\"") && words.contains("request-1s-exp"), words);
    }

    @Test
    void shouldClaimWhatExplainPrintsAndOnlyWhereTheRequestIsHeld() {
        List<Spacing> uniform = Spacings.of(Mode.REQUEST);
        assertEquals(6, uniform.size());
        assertEquals(new Spacing(495_000, 0.525), uniform.get(0));
        assertEquals(new Spacing(4_950_000, 0.75), uniform.get(3));
        assertEquals(1, uniform.get(5).bound());
        double exponential = Spacings.of(Mode.REQUEST_EXP).get(3).bound();
        assertEquals((1 + (1 - Math.exp(-2)) / (1 - Math.exp(-4))) / 2, exponential, 1e-9);
        for (Mode mode : List.of(Mode.DIRECT, Mode.REPLY, Mode.REPLY_EXP)) {
            assertFalse(mode.hidesAction());
            assertTrue(Spacings.of(mode).stream().allMatch(spacing -> spacing.bound() == 1), mode.key());
        }
    }
}
