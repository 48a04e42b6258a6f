package org.qtop.engine.seed;

import java.util.Arrays;

/**
 * Seeds straight from a generator of their own, for when the cache is empty. Thread-safe; never waits for a source.
 *
 * <p>It asks for a run at a time, so that a long shortage costs tens of nanoseconds a seed; each is wiped as it goes.
 */
final class SpareSeeds {

    private static final int RUN = 256;

    private final SeedGenerator generator = new SeedGenerator("spare seeds");
    private final long[] run = new long[RUN];
    private int next = RUN;
    private long given;

    synchronized long next() {
        if (next == RUN) {
            generator.generate(run, 0, RUN);
            next = 0;
        }
        long seed = run[next];
        run[next++] = 0;
        given++;
        return seed;
    }

    synchronized long given() {
        return given;
    }

    /** Takes new input; what was made before it is wiped. */
    void reseed(byte[] additionalInput) {
        generator.reseed(additionalInput);
        wipe();
    }

    synchronized void wipe() {
        Arrays.fill(run, 0);
        next = RUN;
    }
}
