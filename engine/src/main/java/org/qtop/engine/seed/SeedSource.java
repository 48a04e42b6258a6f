package org.qtop.engine.seed;

import java.io.IOException;
import java.util.Optional;

/**
 * Gives raw bytes and says what it is. Confined to one task at a time: a cache never reads one source twice at once.
 *
 * <p>An implementation owns its time limits: a read may block, but must end. Each byte it gives is given once.
 */
public interface SeedSource extends AutoCloseable {

    /**
     * Names the origin in accounts and log lines, for instance {@code "outshift"} or {@code "file"}.
     *
     * @return a short name without secrets, always the same
     */
    String name();

    /**
     * Reads raw bytes, waiting for them if need be.
     *
     * @param into where they go
     * @param offset first index to write
     * @param length how many are wanted, 1 or more
     * @return how many were written, 1 to {@code length}, or -1 when the source is used up
     * @throws IOException if the source refuses, fails, or takes too long; its message says why in one line
     */
    int read(byte[] into, int offset, int length) throws IOException;

    /**
     * Gives the limits of the health tests for this source, where it knows better than the cache's default.
     *
     * @return this source's own limits, or empty for the default
     */
    default Optional<HealthLimits> healthLimits() {
        return Optional.empty();
    }

    /**
     * Lets go of what the source holds open. A blocked read should end.
     *
     * @throws IOException if that fails
     */
    @Override
    default void close() throws IOException {
        // Nothing is held open unless an implementation says so.
    }
}
