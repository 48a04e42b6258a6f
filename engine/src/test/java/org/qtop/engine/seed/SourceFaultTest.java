package org.qtop.engine.seed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qtop.engine.Seeds;

/** Sources that misbehave in every way leave the seeds correct, and one fault tells of each. */
class SourceFaultTest {

    private static final int LEAST = QuantumCache.MIN_CAPACITY;

    private final SplittableRandom random = Seeds.random();
    private final List<SourceFault> faults = new ArrayList<>();
    private final SeedSettings settings = SeedSettings.DEFAULT.withFaults(faults::add);

    private interface Reader {
        int read(byte[] into, int offset, int length) throws IOException;
    }

    private record Stub(String name, Reader reader, boolean[] closed) implements SeedSource {

        Stub(String name, Reader reader) {
            this(name, reader, new boolean[1]);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return reader.read(into, offset, length);
        }

        @Override
        public void close() {
            closed[0] = true;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Stub> faulty() {
        int[] left = {700};
        SplittableRandom bytes = Seeds.random();
        return List.of(
                new Stub("refused", (into, offset, length) -> {
                    throw new IOException("connection refused");
                }),
                new Stub("cut", (into, offset, length) -> {
                    int some = Math.min(100, Math.min(length, left[0]));
                    left[0] -= some;
                    return some == 0 ? -1 : some;
                }),
                new Stub("silent", (into, offset, length) -> 0),
                new Stub("boasting", (into, offset, length) -> length + 1),
                new Stub("stuck", (into, offset, length) -> length),
                new Stub("biased", (into, offset, length) -> {
                    for (int i = 0; i < length; i++) {
                        into[offset + i] = (byte) bytes.nextInt(16);
                    }
                    return length;
                }),
                new Stub("wordless", (into, offset, length) -> {
                    throw new IllegalStateException();
                }),
                new Stub("verbose", (into, offset, length) -> {
                    throw new IOException("first line\nsecond line");
                }));
    }

    @ParameterizedTest
    @MethodSource("faulty")
    void shouldGiveCorrectSeedsAndOneFault(Stub source) {
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(source), Runnable::run, settings)) {
            assertEquals(1, faults.size());
            SourceFault fault = faults.get(0);
            assertEquals(source.name(), fault.origin());
            assertFalse(fault.reason().isEmpty());
            assertFalse(fault.reason().contains("\n"));
            SeedAccount account = cache.account();
            assertEquals(List.of(fault), account.setAside());
            assertEquals("os", account.lastReseedOrigin());
            assertEquals(0, account.bits(source.name()));
            assertEquals(LEAST, account.available());
            assertEquals(Map.of("os", (long) LEAST), account.seedsByOrigin());
            Set<Long> seeds = new HashSet<>();
            for (int i = 0; i < 1_000; i++) {
                assertTrue(seeds.add(cache.nextSeed()));
            }
        }
        assertTrue(source.closed()[0]);
    }

    @Test
    void shouldAccountForAHealthySource() {
        Stub source = healthy("device");
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(source), Runnable::run, settings)) {
            SeedAccount account = cache.account();
            assertEquals("device", account.lastReseedOrigin());
            assertEquals(1024 * 8, account.bits("device"));
            assertEquals(2 * 384, account.bits("os"));
            assertEquals(Map.of("device", (long) LEAST), account.seedsByOrigin());
            takeHalf(cache);
            assertEquals(1024 * 8 + 64 * 8, cache.account().bits("device"));
            assertEquals(2, cache.account().reseeds());
            assertEquals(List.of(), faults);
        }
    }

    @Test
    void shouldTakeShortReadsTogether() {
        Stub slow = healthy("slow");
        Stub one = new Stub("one", (into, offset, length) -> slow.read(into, offset, 1));
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(one), Runnable::run, settings)) {
            assertEquals("one", cache.account().lastReseedOrigin());
        }
    }

    @Test
    void shouldAskTheNextSourceWhenTheFirstFails() {
        Stub dead = faulty().get(0);
        Stub live = healthy("live");
        Stub spare = healthy("spare");
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(dead, live, spare), Runnable::run, settings)) {
            assertEquals("live", cache.account().lastReseedOrigin());
            assertEquals(1, cache.account().setAside().size());
            assertEquals(0, cache.account().bits("spare"));
        }
    }

    @Test
    void shouldTryASourceAgainAfterOneTwoFourReseeds() {
        int[] asked = {0};
        Stub dead = new Stub("dead", (into, offset, length) -> {
            asked[0]++;
            throw new IOException("no");
        });
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(dead), Runnable::run, settings)) {
            StringBuilder tried = new StringBuilder();
            for (int reseed = 0; reseed < 12; reseed++) {
                tried.append(asked[0]);
                takeHalf(cache);
            }
            assertEquals("112223333344", tried.toString());
            assertEquals(4, faults.get(3).times());
            assertEquals(8, faults.get(3).retryAfter());
        }
    }

    @Test
    void shouldBringASourceBackWhenTheHostAsks() {
        Stub good = healthy("good");
        boolean[] broken = {true};
        Stub mended = new Stub("mended", (into, offset, length) -> {
            if (broken[0]) {
                throw new IOException("no");
            }
            return good.read(into, offset, length);
        });
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(mended), Runnable::run, settings)) {
            assertEquals(1, cache.account().setAside().size());
            broken[0] = false;
            SeedAccount account = cache.reseedAsync().join();
            assertEquals("mended", account.lastReseedOrigin());
            assertEquals(List.of(), account.setAside());
            assertEquals(1024 * 8, account.bits("mended"));
        }
    }

    @Test
    void shouldNoticeASourceThatFailsLater() {
        Stub good = healthy("good");
        boolean[] stuck = {false};
        Stub source = new Stub("source", (into, offset, length) ->
                stuck[0] ? length : good.read(into, offset, length));
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(source), Runnable::run, settings)) {
            stuck[0] = true;
            takeHalf(cache);
            assertEquals(1, faults.size());
            assertTrue(faults.get(0).reason().startsWith("repetition count test"), faults.get(0).reason());
            assertEquals("os", cache.account().lastReseedOrigin());
        }
    }

    @Test
    void shouldServeMissesWhileASourceIsSlow() {
        List<Runnable> waiting = new ArrayList<>();
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(healthy("slow")), waiting::add, settings)) {
            Set<Long> seeds = new HashSet<>();
            for (int i = 0; i < 100_000; i++) {
                assertTrue(seeds.add(cache.nextSeed()));
            }
            assertEquals(100_000, cache.account().misses());
            assertEquals(1, waiting.size());
            waiting.get(0).run();
            assertEquals("slow", cache.account().lastReseedOrigin());
        }
    }

    @Test
    void shouldPreloadFromASourceByItsNameOrByItself() {
        Stub known = healthy("outshift");
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(faulty().get(0), known), Runnable::run, settings)) {
            assertEquals(5_000, cache.preloadSeedsAsync("cisco_qapi", 5_000).join());
            List<Long> progress = new ArrayList<>();
            assertEquals(50_000, cache.preloadSeedsAsync(healthy("extra"), 50_000, progress::add).join());
            SeedAccount account = cache.account();
            assertEquals("extra", account.lastReseedOrigin());
            assertEquals(1024 * 8, account.bits("extra"));
            assertEquals(LEAST, account.available());
            assertEquals(account.made() - LEAST, account.discarded());
            assertEquals(0, account.handedOut());
            assertEquals(50_000L, progress.get(progress.size() - 1));
            assertEquals(progress.stream().sorted().distinct().toList(), progress);
        }
    }

    @Test
    void shouldFailAPreloadWithTheSourcesReason() {
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(), Runnable::run, settings)) {
            CompletableFuture<Long> preload = cache.preloadSeedsAsync(faulty().get(0), 1, made -> { });
            Throwable why = assertThrows(CompletionException.class, preload::join).getCause();
            assertEquals("connection refused", why.getMessage());
            assertEquals(1, faults.size());
            assertNotEquals(cache.nextSeed(), cache.nextSeed());
            assertThrows(IllegalArgumentException.class, () -> cache.preloadSeedsAsync("os", 0));
            assertThrows(IllegalArgumentException.class, () -> cache.preloadSeedsAsync("os", LEAST + 1));
        }
    }

    @Test
    void shouldStopAPreloadThatIsCancelled() {
        List<Runnable> waiting = new ArrayList<>();
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(), waiting::add, settings)) {
            CompletableFuture<Long> preload = cache.preloadSeedsAsync("os", LEAST);
            preload.cancel(false);
            waiting.forEach(Runnable::run);
            assertEquals(0, cache.account().discarded());
        }
    }

    @Test
    void shouldFailAPreloadOnceClosed() {
        QuantumCache cache = new QuantumCache(LEAST, List.of(), Runnable::run, settings);
        cache.close();
        assertThrows(CompletionException.class, () -> cache.preloadSeedsAsync("os", 1).join());
    }

    @Test
    void shouldGoOnWhenTheListenerOrTheSourceBreaks() {
        SeedSettings broken = settings.withFaults(fault -> {
            throw new IllegalStateException("listener");
        });
        Stub[] sources = {faulty().get(0), new Stub("unlinked", (into, offset, length) -> {
            throw new NoClassDefFoundError("gone");
        }), new Stub("erring", (into, offset, length) -> {
            throw new AssertionError("erring");
        })};
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(sources[0], sources[1]), Runnable::run, broken)) {
            assertEquals(LEAST, cache.available());
            assertEquals(2, cache.account().setAside().size());
            assertThrows(CompletionException.class, () -> cache.preloadSeedsAsync(sources[2], 1, made -> { }).join());
            assertEquals(1, cache.preloadSeedsAsync("os", 1).join());
        }
    }

    @Test
    void shouldUseASourcesOwnLimits() {
        SeedSource coarse = new SeedSource() {
            @Override
            public String name() {
                return "coarse";
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                for (int i = 0; i < length; i++) {
                    into[offset + i] = (byte) random.nextInt(16);
                }
                return length;
            }

            @Override
            public Optional<HealthLimits> healthLimits() {
                return Optional.of(new HealthLimits(3.9, 40));
            }
        };
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(coarse), Runnable::run, settings)) {
            assertEquals("coarse", cache.account().lastReseedOrigin());
        }
    }

    private Stub healthy(String name) {
        SplittableRandom bytes = random.split();
        return new Stub(name, (into, offset, length) -> {
            byte[] more = new byte[length];
            bytes.nextBytes(more);
            System.arraycopy(more, 0, into, offset, length);
            return length;
        });
    }

    private static void takeHalf(QuantumCache cache) {
        long reseeds = cache.account().reseeds();
        while (cache.account().reseeds() == reseeds) {
            for (int i = 0; i < 1024; i++) {
                cache.nextSeed();
            }
        }
    }
}
