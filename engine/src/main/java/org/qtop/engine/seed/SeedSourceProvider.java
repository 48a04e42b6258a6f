package org.qtop.engine.seed;

import java.io.IOException;
import java.util.Map;

/** Opens the sources of one scheme; found with {@link java.util.ServiceLoader}. Thread-safe. */
public interface SeedSourceProvider {

    /**
     * Names what stands before the colon of a source's text, for instance {@code "file"} in {@code file:PATH}.
     *
     * @return the scheme, in lower case
     */
    String scheme();

    /**
     * Opens a source.
     *
     * @param argument what follows the colon, or an empty string
     * @param settings further settings by name; a key for a hosted service comes this way, never in {@code argument}
     * @return an open source
     * @throws IOException if it cannot be opened
     * @throws IllegalArgumentException if the argument or a setting is wrong
     */
    SeedSource open(String argument, Map<String, String> settings) throws IOException;
}
