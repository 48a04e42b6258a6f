package org.qtop.engine.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TopologicalTimingEngineTest {

    private final SplittableRandom random = new SplittableRandom(4);
    private final TopologicalTimingEngine engine = new TopologicalTimingEngine(random::nextLong,
            HoldLaw.uniform(100_000, 10_000_000), 2 * Math.PI, 2);

    @Test
    void shouldBindWhatItPlanned() {
        Binding binding = new Binding();
        long advance = engine.advance(0, 7);
        engine.bind(5, advance, binding);
        assertEquals(5, binding.circuit());
        assertEquals(1, binding.n());
        assertEquals(binding.phase(), binding.from() + advance);
        CircuitPath path = engine.close(5);
        assertEquals(binding.from(), path.firstPhase());
        assertEquals(binding.phase(), path.phase());
        assertNull(engine.path(5));
    }

    @Test
    void shouldDropTheLeastRecentlyBoundPathBeyondItsBound() {
        engine.computeDelay(1, 1);
        engine.computeDelay(2, 1);
        engine.computeDelay(1, 2);
        engine.computeDelay(3, 1);
        assertEquals(2, engine.circuits());
        assertEquals(1, engine.evicted());
        assertNull(engine.path(2));
        assertEquals(2, engine.path(1).bindings());
    }
}
