package org.qtop.engine.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldLawTest {

    @ParameterizedTest
    @ValueSource(strings = {"uniform:100000:10000000", "uniform:0:0", "uniform:5:5", "uniform:0:60000000000",
        "exponential:100000:10000000:2000000"})
    void shouldReachBothEndsAndReadItsOwnText(String text) {
        HoldLaw law = HoldLaw.parse(text);
        assertEquals(text, law.toString());
        assertEquals(law.minNanos(), law.quantile(0));
        assertEquals(law.maxNanos(), law.quantile(-1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "uniform", "uniform:1", "uniform:2:1", "uniform:-1:1", "uniform:0:60000000001",
        "uniform:0:x", "exponential:0:1", "exponential:0:1:0", "normal:0:1", "uniform:0:1:"})
    void shouldRefuseWhatIsNoLaw(String text) {
        assertThrows(IllegalArgumentException.class, () -> HoldLaw.parse(text));
    }
}
