package org.qtop.engine.seed;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The operating system's generator, under the name {@code os}. Never used up and never blocks. Thread-safe.
 *
 * <p>On Linux it is {@code /dev/urandom} (the JDK's NativePRNGNonBlocking); elsewhere the platform's own generator.
 */
public final class OsSeedSource implements SeedSource {

    /** Its name and scheme. */
    public static final String NAME = "os";

    private final SecureRandom random = generator();

    /** Makes one. */
    public OsSeedSource() {
        // The generator is the only state.
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, into, offset, length);
        Arrays.fill(bytes, (byte) 0);
        return length;
    }

    private static SecureRandom generator() {
        try {
            return SecureRandom.getInstance("NativePRNGNonBlocking");
        } catch (NoSuchAlgorithmException notOnThisPlatform) {
            return new SecureRandom();
        }
    }
}
