package org.qtop.engine.seed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class QuantumCacheTest {

    private static final int LEAST = QuantumCache.MIN_CAPACITY;

    @Test
    void shouldRefuseACapacityOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new QuantumCache(LEAST - 1));
        assertThrows(IllegalArgumentException.class, () -> new QuantumCache(QuantumCache.MAX_CAPACITY + 1));
    }

    @Test
    void shouldHandOutSeedsBeforeTheFirstFilling() {
        List<Runnable> waiting = new ArrayList<>();
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(), waiting::add)) {
            assertNotEquals(cache.nextSeed(), cache.nextSeed());
            assertEquals(2, cache.account().misses());
            assertEquals(0, cache.available());
            waiting.remove(0).run();
            assertEquals(LEAST, cache.available());
            cache.nextSeed();
            assertEquals(2, cache.account().misses());
            assertEquals(3, cache.account().handedOut());
        }
    }

    @Test
    void shouldRefillBelowHalfItsCapacity() {
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(), Runnable::run)) {
            Set<Long> seen = new HashSet<>();
            for (int i = 0; i < 3 * LEAST; i++) {
                assertTrue(seen.add(cache.nextSeed()));
                assertTrue(cache.available() > LEAST / 2 - 2 * SeedGenerator.REQUEST);
            }
            SeedAccount account = cache.account();
            assertEquals(0, account.misses());
            assertEquals(3 * LEAST, account.handedOut());
            assertEquals("os", account.lastReseedOrigin());
        }
    }

    @Test
    void shouldPreloadFromTheOperatingSystem() {
        try (QuantumCache cache = new QuantumCache(LEAST)) {
            List<Long> progress = new ArrayList<>();
            assertEquals(LEAST, cache.preloadSeedsAsync("os", LEAST, progress::add).join());
            assertEquals(LEAST, progress.get(progress.size() - 1));
            assertEquals(LEAST, cache.available());
        }
    }

    @Test
    void shouldLeaveTheFirstFillingToAPreloadThatWaits() {
        List<Runnable> waiting = new ArrayList<>();
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(), waiting::add)) {
            cache.preloadSeedsAsync("os", LEAST / 2);
            waiting.forEach(Runnable::run);
            assertEquals(LEAST, cache.available());
            assertEquals(LEAST, cache.account().made());
            assertEquals(0, cache.account().discarded());
        }
    }

    @Test
    void shouldFailAPreloadFromAnUnknownSource() {
        try (QuantumCache cache = new QuantumCache(LEAST)) {
            Throwable why = assertThrows(CompletionException.class,
                    () -> cache.preloadSeedsAsync("dice", 1).join()).getCause();
            assertTrue(why.getMessage().contains("dice"), why.getMessage());
        }
    }

    @Test
    void shouldHandOutNothingOnceClosed() {
        QuantumCache cache = new QuantumCache(LEAST);
        cache.close();
        assertEquals(0, cache.available());
        assertThrows(IllegalStateException.class, cache::nextSeed);
    }
}
