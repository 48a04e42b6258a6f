package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.qtop.engine.seed.SeedSource;
import org.qtop.engine.seed.SeedSourceProvider;

/** Makes {@code device:PATH} a seed source. Stateless and thread-safe. */
public final class DeviceSeedSourceProvider implements SeedSourceProvider {

    /** How long one read may take: 10 s. The slowest generators in use give some kilobytes a second. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** For {@link java.util.ServiceLoader}. */
    public DeviceSeedSourceProvider() {
    }

    @Override
    public String scheme() {
        return "device";
    }

    @Override
    public SeedSource open(String argument, Map<String, String> settings) throws IOException {
        return new DeviceSeedSource(Path.of(argument), Patience.of(LIMIT));
    }
}
