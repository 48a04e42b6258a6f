package org.qtop.engine.seed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Seeds are 64 bits, so 10^7 of them share one by chance once in 370,000 runs: a failure is a fault. */
class SeedUniquenessTest {

    private static final int SEEDS = 10_000_000;
    private static final int THREADS = 8;

    @Test
    void shouldHandOutNoSeedTwiceToEightThreads() throws Exception {
        long[] all = new long[SEEDS];
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (QuantumCache cache = new QuantumCache(QuantumCache.MIN_CAPACITY)) {
            List<Future<?>> takers = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int from = SEEDS / THREADS * t;
                takers.add(threads.submit(() -> {
                    for (int i = from; i < from + SEEDS / THREADS; i++) {
                        all[i] = cache.nextSeed();
                    }
                }));
            }
            for (Future<?> taker : takers) {
                taker.get();
            }
            SeedAccount account = cache.account();
            assertEquals(SEEDS, account.handedOut());
            assertTrue(account.misses() < SEEDS, "none came through the cache");
        } finally {
            threads.shutdownNow();
        }
        long ones = 0;
        for (long seed : all) {
            ones += Long.bitCount(seed);
        }
        assertEquals(32.0, (double) ones / SEEDS, 6 * 4 / Math.sqrt(SEEDS));
        Arrays.sort(all);
        for (int i = 1; i < SEEDS; i++) {
            assertTrue(all[i] != all[i - 1], "a seed came twice");
        }
    }

    @Test
    void shouldShareNoSeedBetweenTwoRuns() throws Exception {
        Set<String> seeds = new HashSet<>(run());
        assertEquals(2 * PrintSeeds.COUNT, seeds.size());
        seeds.addAll(run());
        assertEquals(4 * PrintSeeds.COUNT, seeds.size());
    }

    private static List<String> run() throws Exception {
        String classes = Path.of(QuantumCache.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                + File.pathSeparator + System.getProperty("user.dir") + "/target/test-classes";
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", classes, PrintSeeds.class.getName()).redirectErrorStream(true).start();
        List<String> lines;
        try (BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            lines = out.lines().toList();
        }
        assertEquals(0, process.waitFor(), String.join("\n", lines));
        return lines;
    }

    /** Prints seeds of a cache: as many before its first filling as after. */
    static final class PrintSeeds {

        static final int COUNT = 1_000;

        private PrintSeeds() {
        }

        /** Runs it. */
        public static void main(String[] args) {
            List<Runnable> waiting = new ArrayList<>();
            try (QuantumCache cache = new QuantumCache(QuantumCache.MIN_CAPACITY, List.of(), waiting::add)) {
                for (int i = 0; i < COUNT; i++) {
                    System.out.println(cache.nextSeed());
                }
                waiting.forEach(Runnable::run);
                for (int i = 0; i < COUNT; i++) {
                    System.out.println(cache.nextSeed());
                }
            }
        }
    }
}
