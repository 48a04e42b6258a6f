package org.qtop.engine;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Random numbers for tests, under a printed seed: {@code -Dqtop.test.seed=N} runs with a given one again. */
public final class Seeds {

    private static final long SEED = Long.getLong("qtop.test.seed", new SecureRandom().nextLong());

    static {
        System.out.println("qtop.test.seed=" + SEED);
    }

    private Seeds() {
    }

    /** Gives a generator under the printed seed. */
    public static SplittableRandom random() {
        return new SplittableRandom(SEED);
    }
}
