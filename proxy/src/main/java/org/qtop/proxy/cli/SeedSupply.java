package org.qtop.proxy.cli;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.qtop.engine.seed.HealthLimits;
import org.qtop.engine.seed.OsSeedSource;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.seed.SeedSettings;
import org.qtop.engine.seed.SeedSource;
import org.qtop.engine.seed.SeedSources;
import org.qtop.proxy.config.ConfigFile;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.seedsource.SourceSettings;
import org.qtop.proxy.seedsource.ThroughTor;

/** The seed cache of a run, the sources that feed it, and their retries. Thread-safe. */
final class SeedSupply implements AutoCloseable {

    private static final long RETRY_SECONDS = 30;
    private static final long POLL_MILLIS = 2;
    private static final long FIRST_PART = 100;
    /** The start does not wait longer for the first filling: seeds are as good before it, but not of the source. */
    private static final long FILL_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final List<SeedSource> sources;
    private final ScheduledExecutorService thread;
    private final CompletableFuture<Void> torReady = new CompletableFuture<>();
    private final SeedFaults faults;
    private final QuantumCache cache;
    private volatile boolean closed;

    private SeedSupply(Settings settings, List<SeedSource> sources, Metrics metrics) {
        this.sources = sources;
        thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread daemon = new Thread(work, "qtop-seeds");
            daemon.setDaemon(true);
            return daemon;
        });
        faults = new SeedFaults(metrics, System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());
        // With sources that are reached through Tor, nothing is drawn before Tor is there; seeds are made all the same.
        Executor background = settings.seedAccess().viaTor() ? task -> torReady.thenRunAsync(task, thread) : thread;
        cache = new QuantumCache(settings.seeds(), sources, background, SeedSettings.DEFAULT.withFaults(fault -> {
            if (!closed) {
                faults.accept(fault);
            }
        }));
        thread.scheduleWithFixedDelay(this::retry, RETRY_SECONDS, RETRY_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Opens the sources and begins to fill the cache.
     *
     * @param environment where keys are looked up
     * @throws Failure if a source cannot be opened
     */
    static SeedSupply open(Settings settings, Metrics metrics, Map<String, String> environment) throws Failure {
        Map<String, String> forSources = SourceSettings.of(settings, environment);
        try (Closer opened = new Closer()) {
            List<SeedSource> sources = new ArrayList<>();
            for (String source : settings.seedSources()) {
                if (!source.equals(OsSeedSource.NAME)) {
                    sources.add(named(opened.add(open(source, forSources)), sources));
                }
            }
            SeedSupply supply = new SeedSupply(settings, sources, metrics);
            opened.keep();
            return supply;
        }
    }

    private static SeedSource open(String source, Map<String, String> settings) throws Failure {
        String option = "--" + Setting.SEED_SOURCE.key() + " " + source + ": ";
        try {
            return SeedSources.open(source, settings);
        } catch (IOException e) {
            throw new Failure(ExitCode.FILE, option + ConfigFile.reason(e));
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.USAGE, option + e.getMessage());
        }
    }

    /** Tells where Tor is. */
    void torReady(Supplier<SocketAddress> socks) {
        for (SeedSource source : sources) {
            if (source instanceof ThroughTor hosted) {
                hosted.through(socks);
            }
        }
        torReady.complete(null);
    }

    private void retry() {
        List<String> order = sources.stream().map(SeedSource::name).toList();
        faults.due(cache.account(), order).ifPresent(name -> cache.preloadSeedsAsync(sources.get(order.indexOf(name)),
                cache.capacity(), made -> { }));
    }

    /** One of several sources of a kind, which accounts and log lines must tell apart. */
    private record Numbered(SeedSource source, String name) implements SeedSource {

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return source.read(into, offset, length);
        }

        @Override
        public Optional<HealthLimits> healthLimits() {
            return source.healthLimits();
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }

    /** Gives the second of a kind a number, and so on. */
    static SeedSource named(SeedSource source, List<SeedSource> before) {
        int number = 1;
        String name = source.name();
        while (before.stream().map(SeedSource::name).toList().contains(name)) {
            number++;
            name = source.name() + "-" + number;
        }
        return number == 1 ? source : new Numbered(source, name);
    }

    /**
     * Waits for a bounded time for the first filling, and shows how far it is. Where seeds come from the operating
     * system's generator alone, a first part will do: the rest is made faster than streams can ask for it.
     */
    void awaitFilled(Console console) throws InterruptedException {
        long enough = sources.isEmpty() ? cache.capacity() / FIRST_PART : cache.capacity();
        long begun = System.nanoTime();
        while (cache.available() < enough && System.nanoTime() - begun < FILL_LIMIT_NANOS) {
            console.bar("seeds", cache.available(), cache.capacity());
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    QuantumCache cache() {
        return cache;
    }

    @Override
    public void close() {
        closed = true;
        cache.close();
        thread.shutdownNow();
    }
}
