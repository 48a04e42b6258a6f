package org.qtop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;

/** What the largest cache and many circuits cost, as the heap says after collections. */
class MemoryTest {

    private static final int CIRCUITS = 100_000;
    private static final long MEGABYTE = 1_000_000;

    @Test
    void shouldKeepTenMillionSeedsInNinetySixMegabytes() {
        long bytes = retained(() -> new QuantumCache(QuantumCache.MAX_CAPACITY, List.of(), Runnable::run));
        assertTrue(bytes > 80 * MEGABYTE && bytes < 96 * MEGABYTE, bytes + " bytes");
    }

    @Test
    void shouldKeepACircuitInSixtyFourBytes() {
        long bytes = retained(() -> {
            TopologicalTimingEngine engine = new TopologicalTimingEngine(() -> 1, HoldLaw.uniform(0, 1), 1, CIRCUITS);
            for (int circuit = 1; circuit <= CIRCUITS; circuit++) {
                engine.computeDelay(circuit, 1);
            }
            assertEquals(CIRCUITS, engine.circuits());
            return engine;
        });
        assertTrue(bytes > 40 * CIRCUITS && bytes < 64 * CIRCUITS, (double) bytes / CIRCUITS + " bytes a circuit");
    }

    /** Gives the bytes that an object keeps, from the second one made: the first brings in classes. */
    private static long retained(Supplier<Object> maker) {
        maker.get();
        long before = used();
        Object kept = maker.get();
        long after = used();
        assertTrue(kept != null);
        return after - before;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            WeakReference<Object> gone = new WeakReference<>(new Object());
            while (gone.get() != null) {
                System.gc();
            }
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
