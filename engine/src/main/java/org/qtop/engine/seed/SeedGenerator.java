package org.qtop.engine.seed;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DrbgParameters;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A DRBG of NIST SP 800-90A at 256 bits that gives seeds in bulk. Thread-safe; holds its lock for one request at most.
 *
 * <p>Requests stay below the 2^16 bytes that SP 800-90A allows one.
 */
final class SeedGenerator {

    /** Seeds in one request, which is one block of the cache. */
    static final int REQUEST = 1024;

    private static final int STRENGTH = 256;
    private static final VarHandle AS_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final SecureRandom random;
    private final byte[] buffer = new byte[REQUEST * Long.BYTES];

    /**
     * Instantiates the DRBG; its entropy input is the operating system's.
     *
     * @param use what it is for, which keeps two generators apart (the personalisation string)
     */
    SeedGenerator(String use) {
        try {
            random = SecureRandom.getInstance("DRBG", DrbgParameters.instantiation(STRENGTH,
                    DrbgParameters.Capability.PR_AND_RESEED, ("qtop " + use).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no DRBG of 256 bits", e);
        }
    }

    /** Reseeds from the operating system, with more input beside it. */
    synchronized void reseed(byte[] additionalInput) {
        random.reseed(DrbgParameters.reseed(true, additionalInput));
    }

    /** Makes seeds, none of them 0, which marks an empty slot. */
    synchronized void generate(long[] into, int from, int count) {
        for (int done = 0; done < count; ) {
            int wanted = Math.min(REQUEST, count - done);
            byte[] bytes = wanted == REQUEST ? buffer : new byte[wanted * Long.BYTES];
            random.nextBytes(bytes);
            for (int i = 0; i < wanted; i++) {
                long seed = (long) AS_LONG.get(bytes, i * Long.BYTES);
                if (seed != 0) {
                    into[from + done++] = seed;
                }
            }
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
