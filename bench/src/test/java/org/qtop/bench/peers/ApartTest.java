package org.qtop.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ApartTest {

    /** Two processors once were one for the rest of a run: the machine, asked by a thread kept on one, says one. */
    @Test
    void shouldKeepTwoThreadsOnTwoProcessorsAndLetThemGoAgain() throws Exception {
        String before = processors(self());
        assumeTrue(before.matches("\\d+\\D.*"), "this process has one processor");
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Thread standIn = new Thread(() -> {
            begun.countDown();
            awaitQuietly(over);
        }, "stand-in of a test");
        standIn.start();
        // A thread has its name in /proc from its first step on.
        begun.await();
        try {
            Path other = Path.of("/proc/self/task", Long.toString(Apart.named("stand-in").orElseThrow()));
            Apart apart = new Apart();
            String mine = processors(self());
            String others = processors(other);
            assumeTrue(!mine.equals(before), "no taskset");
            assertTrue(mine.matches("\\d+") && others.matches("\\d+"), mine + " and " + others);
            assertNotEquals(mine, others);
            awaitOneProcessor();
            apart.close();
            assertEquals(before, processors(self()));
            assertEquals(before, processors(other));
        } finally {
            over.countDown();
            standIn.join();
        }
    }

    /** Java counts those of this thread, but remembers for some 20 ms what it counted before. */
    private static void awaitOneProcessor() {
        long begun = System.nanoTime();
        while (Runtime.getRuntime().availableProcessors() > 1
                && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(1)) {
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path self() throws IOException {
        return Path.of("/proc").resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")));
    }

    private static String processors(Path thread) throws IOException {
        return Files.readString(thread.resolve("status")).lines().filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElseThrow();
    }
}
