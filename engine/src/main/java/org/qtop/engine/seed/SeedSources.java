package org.qtop.engine.seed;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;

/** Opens a source from its text: {@code os}, or {@code SCHEME[:ARGUMENT]} of a provider. Thread-safe. */
public final class SeedSources {

    private static final String OLD_OUTSHIFT = "cisco_qapi";
    private static final String OUTSHIFT = "outshift";

    private SeedSources() {
    }

    /**
     * Gives the scheme of a source's text, with the seed documents' {@code cisco_qapi} read as {@code outshift}.
     *
     * @param text {@code SCHEME} or {@code SCHEME:ARGUMENT}
     * @return the scheme in lower case
     */
    public static String scheme(String text) {
        int colon = text.indexOf(':');
        String scheme = (colon < 0 ? text : text.substring(0, colon)).strip().toLowerCase(Locale.ROOT);
        return scheme.equals(OLD_OUTSHIFT) ? OUTSHIFT : scheme;
    }

    /**
     * Opens a source.
     *
     * @param text {@code os}, {@code SCHEME} or {@code SCHEME:ARGUMENT}
     * @param settings handed to the provider
     * @return an open source
     * @throws IOException if the provider cannot open it
     * @throws IllegalArgumentException if no provider has this scheme, or it refuses the argument
     */
    public static SeedSource open(String text, Map<String, String> settings) throws IOException {
        String scheme = scheme(text);
        if (scheme.equals(OsSeedSource.NAME)) {
            return new OsSeedSource();
        }
        int colon = text.indexOf(':');
        String argument = colon < 0 ? "" : text.substring(colon + 1);
        for (SeedSourceProvider provider : ServiceLoader.load(SeedSourceProvider.class)) {
            if (scheme(provider.scheme()).equals(scheme)) {
                return provider.open(argument, settings);
            }
        }
        throw new IllegalArgumentException("seed source \"" + scheme + "\": not known here; \"os\" always is");
    }
}
