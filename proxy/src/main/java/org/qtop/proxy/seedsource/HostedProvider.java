package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.qtop.engine.seed.SeedSource;
import org.qtop.engine.seed.SeedSourceProvider;

/** Makes a hosted service a seed source. Immutable. */
abstract class HostedProvider implements SeedSourceProvider {

    /** How long one answer may take; through Tor a circuit may have to be built first. */
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration LIMIT_VIA_TOR = Duration.ofSeconds(45);
    private static final String FREE_TIER_BITS = "100000";

    private final HostedService service;

    HostedProvider(HostedService service) {
        this.service = service;
    }

    @Override
    public String scheme() {
        return service.name();
    }

    @Override
    public SeedSource open(String argument, Map<String, String> settings) throws IOException {
        if (!argument.isEmpty()) {
            throw new IllegalArgumentException("it takes no argument; its key comes from --seed-key-file");
        }
        String key = ServiceKey.find(service.name(), settings);
        if (SourceSettings.isOn(settings, SourceSettings.LOOK_ONLY)) {
            return new NotAsked(service.name());
        }
        String folder = settings.get(SourceSettings.STATE_FOLDER);
        if (folder == null) {
            throw new IllegalArgumentException("a folder for its bits of the day is needed");
        }
        InstantSource clock = InstantSource.system();
        boolean viaTor = SourceSettings.isOn(settings, SourceSettings.VIA_TOR);
        long bits = Long.parseLong(settings.getOrDefault(SourceSettings.DAILY_BITS, FREE_TIER_BITS));
        return new HostedSeedSource(service, service.home(), key, viaTor,
                new Allowance(Path.of(folder), service.name(), bits, clock),
                new HttpFetch(Patience.of(viaTor ? LIMIT_VIA_TOR : LIMIT), null), clock,
                new Rest(clock, () -> ThreadLocalRandom.current().nextDouble()));
    }

    /** A service whose key was found, and that is not asked, as each answer costs a part of the day's bits. */
    private record NotAsked(String name) implements SeedSource {

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            throw new IOException("the service is only looked at");
        }
    }
}
