package org.qtop.engine.guarantee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final long MILLI = 1_000_000;

    @Test
    void shouldSayTheNumbersForTwoMillisecondsApart() {
        String text = String.join("\n",
                new Explanation(HoldShape.uniform(MILLI / 10, 10 * MILLI), 2 * MILLI, 1).lines());
        assertTrue(text.contains("uniform from 0.1 ms to 10 ms, 5.05 ms on average"), text);
        assertTrue(text.matches("(?s).*total variation +0\\.202\n.*"), text);
        assertTrue(text.matches("(?s).*best guesser +0\\.601 .*"), text);
        assertTrue(text.matches("(?s).*least of any law +0\\.200\n.*"), text);
        assertTrue(text.contains("both ends of a circuit"), text);
    }

    @Test
    void shouldAddTheStreamsThatShareAMoment() {
        String text = String.join("\n",
                new Explanation(HoldShape.exponential(0, 10 * MILLI, 2 * MILLI), MILLI, 10).lines());
        assertTrue(text.contains("With 10 streams"), text);
        assertTrue(text.contains("best guess of 10"), text);
    }

    @Test
    void shouldSayThatNoHoldHidesNothing() {
        Explanation none = new Explanation(HoldShape.uniform(0, 0), 1, 1);
        assertEquals(1, none.row().totalVariation());
        assertEquals(List.of(), none.table());
        assertTrue(String.join("\n", none.lines()).contains("from 0 ms to 0 ms"));
    }

    @Test
    void shouldDrawACurveFromACoinToCertainty() {
        List<Explanation.Row> curve = new Explanation(HoldShape.exponential(0, 9_900, 2_000), 1, 1).curve(111);
        assertEquals(0.5, curve.get(0).bestGuess());
        assertEquals(1, curve.get(110).bestGuess());
        for (int i = 1; i < curve.size(); i++) {
            assertTrue(curve.get(i).bestGuess() >= curve.get(i - 1).bestGuess());
            assertTrue(curve.get(i).bound() >= curve.get(i - 1).bound());
            assertTrue(curve.get(i).totalVariation() >= curve.get(i).bound());
        }
    }

    @Test
    void shouldGiveTheMeanOfATruncatedExponential() {
        HoldShape shape = HoldShape.exponential(5, 1_005, 300);
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < 1_000_000; i++) {
            double t = (i + 0.5) / 1_000;
            sum += t * Math.exp(-t / 300);
            weight += Math.exp(-t / 300);
        }
        assertEquals(5 + sum / weight, shape.meanHoldNanos(), 1e-3);
        assertEquals(505, HoldShape.uniform(5, 1_005).meanHoldNanos());
        assertEquals(7, HoldShape.exponential(7, 7, 3).meanHoldNanos());
    }
}
