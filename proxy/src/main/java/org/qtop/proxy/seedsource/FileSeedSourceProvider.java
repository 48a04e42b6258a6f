package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.qtop.engine.seed.SeedSource;
import org.qtop.engine.seed.SeedSourceProvider;

/** Makes {@code file:PATH} a seed source. Stateless and thread-safe. */
public final class FileSeedSourceProvider implements SeedSourceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public FileSeedSourceProvider() {
    }

    @Override
    public String scheme() {
        return "file";
    }

    @Override
    public SeedSource open(String argument, Map<String, String> settings) throws IOException {
        return new FileSeedSource(Path.of(argument), SourceSettings.isOn(settings, SourceSettings.LOOK_ONLY));
    }
}
