package org.qtop.engine.seed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The ring with counted numbers in place of seeds, so that each one can be followed. */
class SeedRingTest {

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger discarded = new AtomicInteger();
    private long made;

    @Test
    void shouldGiveNothingUntilItIsFilled() {
        SeedRing ring = new SeedRing(20, 8, asked::incrementAndGet);
        assertEquals(0, ring.take());
        assertEquals(1, asked.get());
        assertFalse(ring.full());
        fillUp(ring);
        assertEquals(20, made);
        assertEquals(20, ring.available());
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(seed, ring.take());
        }
        assertEquals(0, ring.take());
        assertEquals(0, ring.available());
    }

    @Test
    void shouldAskForMoreBelowHalf() {
        SeedRing ring = new SeedRing(64, 8, asked::incrementAndGet);
        fillUp(ring);
        for (int i = 0; i < 32; i++) {
            ring.take();
        }
        assertEquals(0, asked.get());
        ring.take();
        assertEquals(1, asked.get());
        fillUp(ring);
        assertTrue(ring.available() > 48);
    }

    /** The taker has found a block exhausted, and gets no further until all blocks have been filled anew. */
    @Test
    void shouldKeepABlockThatWasFilledAgainBeforeItsLastTakerMovedOn() {
        SeedRing ring = new SeedRing(16, 8, asked::incrementAndGet);
        fillUp(ring);
        for (int i = 0; i < 8; i++) {
            ring.take();
        }
        SeedRing.Block exhausted = ring.current;
        fill(ring);
        fill(ring);
        assertSame(exhausted, ring.current);
        assertEquals(16, ring.available());
        assertTrue(ring.moveOn(exhausted));
        assertTrue(ring.full());
        for (int i = 0; i < 16; i++) {
            assertNotEquals(0, ring.take());
        }
        assertEquals(0, ring.take());
    }

    @Test
    void shouldReplaceTheOldestWhenFilledBeyondFull() {
        SeedRing ring = new SeedRing(32, 8, asked::incrementAndGet);
        fillUp(ring);
        ring.take();
        assertEquals(8, fill(ring));
        assertEquals(7, discarded.get());
        assertEquals(32, ring.available());
        for (int i = 0; i < 32; i++) {
            assertTrue(ring.take() > 8);
        }
    }

    @Test
    void shouldReplaceSeedsBeforeAnybodyTookOne() {
        SeedRing ring = new SeedRing(20, 8, asked::incrementAndGet);
        fillUp(ring);
        assertEquals(8, fill(ring));
        assertEquals(8, discarded.get());
        assertEquals(20, ring.available());
        for (int i = 0; i < 20; i++) {
            assertTrue(ring.take() > 8);
        }
    }

    @Test
    void shouldLeaveNothingOfASeedThatWasTakenOrWiped() {
        SeedRing ring = new SeedRing(16, 8, asked::incrementAndGet);
        long[][] slots = new long[1][];
        ring.fill((into, from, count) -> {
            slots[0] = into;
            Arrays.fill(into, from, from + count, 7);
        }, discarded::addAndGet);
        ring.take();
        ring.take();
        assertEquals(6 * 7, Arrays.stream(slots[0]).sum());
        ring.wipeAll();
        assertEquals(0, Arrays.stream(slots[0]).sum());
    }

    @Test
    void shouldReplaceTheOnlyBlock() {
        SeedRing ring = new SeedRing(8, 8, asked::incrementAndGet);
        fillUp(ring);
        ring.take();
        for (int i = 0; i < 3; i++) {
            assertEquals(8, fill(ring));
            assertEquals(8, ring.available());
        }
    }

    @Test
    void shouldWipeWhatNobodyTook() {
        SeedRing ring = new SeedRing(20, 8, asked::incrementAndGet);
        fillUp(ring);
        ring.take();
        assertEquals(19, ring.wipeAll());
        assertEquals(0, ring.available());
        assertEquals(0, ring.take());
    }

    @Test
    void shouldGiveEachSeedToOneTakerOnly() throws Exception {
        int takers = 4;
        long target = 400_000;
        SeedRing ring = new SeedRing(100, 8, asked::incrementAndGet);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(takers);
        try {
            List<Future<long[]>> taken = new ArrayList<>();
            for (int t = 0; t < takers; t++) {
                taken.add(threads.submit(() -> takeAll(ring, over, (int) target)));
            }
            while (made < target) {
                // Half the time full blocks are replaced as well, which is what a preload does.
                if (!ring.full() || made % 16 == 0) {
                    fill(ring);
                }
            }
            over.set(true);
            byte[] times = new byte[(int) made + 1];
            long handedOut = 0;
            for (Future<long[]> one : taken) {
                for (long seed : one.get()) {
                    assertEquals(1, ++times[(int) seed], "seed " + seed + " was handed out twice");
                    handedOut++;
                }
            }
            assertEquals(made, handedOut + discarded.get() + ring.wipeAll());
            assertTrue(handedOut > 1_000, handedOut + " handed out");
        } finally {
            threads.shutdownNow();
        }
    }

    private static long[] takeAll(SeedRing ring, AtomicBoolean over, int most) {
        long[] seeds = new long[most + 1_000];
        int count = 0;
        while (!over.get()) {
            long seed = ring.take();
            if (seed != 0) {
                seeds[count++] = seed;
            } else {
                Thread.yield();
            }
        }
        return Arrays.copyOf(seeds, count);
    }

    private void fillUp(SeedRing ring) {
        while (!ring.full()) {
            fill(ring);
        }
    }

    private int fill(SeedRing ring) {
        return ring.fill((into, from, count) -> {
            for (int i = 0; i < count; i++) {
                into[from + i] = ++made;
            }
        }, discarded::addAndGet);
    }
}
