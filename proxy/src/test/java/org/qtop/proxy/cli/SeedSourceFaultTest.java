package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.engine.seed.SeedSettings;
import org.qtop.engine.seed.SeedSource;
import org.qtop.engine.seed.SourceFault;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.engine.verify.ReleaseRecord;
import org.qtop.proxy.audit.Audit;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.seedsource.StandInService;
import org.qtop.proxy.seedsource.StandInService.Fault;
import org.qtop.proxy.seedsource.StandInService.HandClock;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.ProxyStream;
import org.slf4j.LoggerFactory;

/** Whatever a source does wrong, holds stay right, one line says so, and the account shows it. */
class SeedSourceFaultTest {

    private static final int LEAST = QuantumCache.MIN_CAPACITY;
    private static final long MIN_NANOS = 100_000;
    private static final long MAX_NANOS = 10_000_000;
    private static final int HOLDS = 20_000;

    @TempDir
    private Path folder;
    private final Metrics metrics = new Metrics();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final SeedFaults faults = new SeedFaults(metrics, nanos::get, () -> 0.5);
    private final SeedSettings settings = SeedSettings.DEFAULT.withFaults(faults);
    private final HandClock clock = new HandClock("2026-03-01T22:00:00Z");
    private final Logger logger = (Logger) LoggerFactory.getLogger(SeedFaults.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(logged);
    }

    static Stream<Arguments> faults() {
        return Stream.of("outshift", "anu").flatMap(name -> Stream.of(Fault.values())
                .map(fault -> Arguments.of(name, fault)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void shouldHoldRightlySayOnceAndAccount(String name, Fault fault) throws Exception {
        try (StandInService service = StandInService.of(name, 5)) {
            SeedSource source = service.source(folder, clock);
            service.misbehave(fault);
            try (QuantumCache cache = new QuantumCache(LEAST, List.of(source), Runnable::run, settings)) {
                checkAccount(cache.account(), name, fault);
                checkHolds(cache);
                cache.reseedAsync().join();
                cache.reseedAsync().join();
                assertEquals(3, metrics.value(Counter.SEED_SOURCE_FAULTS));
                assertEquals(3, cache.account().setAside().get(0).times());
                checkLog(name, fault);
            }
        }
    }

    private static void checkAccount(SeedAccount account, String name, Fault fault) {
        assertEquals(1, account.setAside().size());
        SourceFault shown = account.setAside().get(0);
        assertEquals(name, shown.origin());
        assertTrue(Pattern.compile(fault.reason()).matcher(shown.reason()).find(), shown.reason());
        assertEquals("os", account.lastReseedOrigin());
        assertEquals(0, account.bits(name));
        assertEquals(Map.of("os", (long) LEAST), account.seedsByOrigin());
        assertEquals(LEAST, account.available());
    }

    /** The holds spread over the range as their law says, none twice, and the verifier agrees with each. */
    private void checkHolds(QuantumCache cache) throws Exception {
        TopologicalTimingEngine engine = new TopologicalTimingEngine(cache::nextSeed,
                HoldLaw.uniform(MIN_NANOS, MAX_NANOS), 2 * Math.PI, 100);
        Holds holds = new Holds(engine);
        Set<Long> advances = new HashSet<>();
        double sum = 0;
        try (Audit audit = new Audit(engine, metrics, Optional.empty())) {
            for (int i = 0; i < HOLDS; i++) {
                ProxyStream stream = holds.plan(Kind.CONNECT);
                advances.add(stream.advance());
                sum += stream.holdNanos();
                audit.record(stream);
            }
            assertEquals(0, audit.violations());
            assertTrue(audit.releases().stream().map(Release::record).mapToLong(ReleaseRecord::holdNanos)
                    .allMatch(hold -> hold >= MIN_NANOS && hold <= MAX_NANOS));
        }
        assertEquals(HOLDS, advances.size());
        // Six standard errors of the mean of a uniform law: once in 500 million runs by chance.
        double error = (MAX_NANOS - MIN_NANOS) / Math.sqrt(12.0 * HOLDS);
        assertEquals((MIN_NANOS + MAX_NANOS) / 2.0, sum / HOLDS, 6 * error);
    }

    private void checkLog(String name, Fault fault) {
        List<ILoggingEvent> lines = logged.list.stream().filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .toList();
        assertEquals(1, lines.size(), lines.toString());
        String line = lines.get(0).getFormattedMessage();
        assertEquals(Level.WARN, lines.get(0).getLevel());
        assertTrue(line.startsWith("seed source " + name + " is set aside: "), line);
        assertTrue(Pattern.compile(fault.reason()).matcher(line).find(), line);
        assertFalse(line.contains(StandInService.KEY) || line.contains("127.0.0.1") || line.contains("\n"), line);
    }

    @Test
    void shouldBringASourceBackOnceItsPauseIsOver() throws IOException {
        try (StandInService service = StandInService.of("outshift", 5)) {
            SeedSource source = service.source(folder, clock);
            service.misbehave(Fault.BROKEN);
            try (QuantumCache cache = new QuantumCache(LEAST, List.of(source), Runnable::run, settings)) {
                List<String> order = List.of("outshift");
                nanos.addAndGet(TimeUnit.SECONDS.toNanos(45) - 1);
                assertEquals(Optional.empty(), faults.due(cache.account(), order));
                nanos.addAndGet(1);
                assertEquals(Optional.of("outshift"), faults.due(cache.account(), order));
                service.misbehave(null);
                clock.pass(java.time.Duration.ofMinutes(1));
                cache.preloadSeedsAsync("outshift", LEAST).join();
                assertEquals("outshift", cache.account().lastReseedOrigin());
                assertEquals(8192, cache.account().bits("outshift"));
                assertEquals(Optional.empty(), faults.due(cache.account(), order));
                assertEquals("seed source outshift is back", last());
            }
        }
    }

    private String last() {
        return logged.list.get(logged.list.size() - 1).getFormattedMessage();
    }

    @Test
    void shouldLeaveASourceAloneWhileOneBeforeItIsInUse() throws IOException {
        try (StandInService good = StandInService.of("anu", 5); StandInService bad = StandInService.of("outshift", 5)) {
            bad.misbehave(Fault.QUOTA);
            List<SeedSource> sources = List.of(good.source(folder, clock), bad.source(folder, clock));
            try (QuantumCache cache = new QuantumCache(LEAST, sources, Runnable::run, settings)) {
                assertEquals("anu", cache.account().lastReseedOrigin());
                assertEquals(List.of(), bad.requests());
                nanos.addAndGet(TimeUnit.DAYS.toNanos(1));
                assertEquals(Optional.empty(), faults.due(cache.account(), List.of("anu", "outshift")));
            }
        }
    }

    @Test
    void shouldSayNoMoreThanIsSo() throws IOException {
        try (StandInService service = StandInService.of("outshift", 5)) {
            SeedSource source = service.source(folder, clock);
            try (QuantumCache cache = new QuantumCache(LEAST, List.of(source), Runnable::run, settings)) {
                assertEquals("100,000 of 100,000, made by a DRBG from 8,192 bits of outshift (Cisco's quantum random"
                        + " numbers) and the operating system's generator", SeedWords.now(cache.account()));
                cache.nextSeed();
                assertEquals("100,000 made (after a reseed from outshift: 100,000), 1 handed out, 0 of them while the"
                        + " cache was empty; reseeds: 1; raw bits drawn: os: 768, outshift: 8,192",
                        SeedWords.summary(cache.account()));
            }
            service.misbehave(Fault.WRONG_KEY);
            try (QuantumCache cache = new QuantumCache(LEAST, List.of(source), Runnable::run, settings)) {
                String now = SeedWords.now(cache.account());
                assertFalse(now.contains("quantum"), now);
                assertTrue(SeedWords.setAside(cache.account()).get(0).contains("refuses the key"));
                assertTrue(SeedWords.summary(cache.account()).endsWith("; set aside: outshift"));
            }
        }
    }

    @Test
    void shouldTellSourcesOfAKindApart() throws IOException {
        try (StandInService service = StandInService.of("anu", 5)) {
            List<SeedSource> sources = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sources.add(SeedSupply.named(service.source(folder, clock), sources));
            }
            assertEquals(List.of("anu", "anu-2", "anu-3"), sources.stream().map(SeedSource::name).toList());
            service.misbehave(Fault.SHORT);
            try (QuantumCache cache = new QuantumCache(LEAST, sources, Runnable::run, settings)) {
                assertEquals(3, cache.account().setAside().size());
                service.misbehave(null);
                clock.pass(java.time.Duration.ofMinutes(1));
                cache.preloadSeedsAsync(sources.get(1), LEAST, made -> { }).join();
                assertEquals("anu-2", cache.account().lastReseedOrigin());
                assertEquals(2, cache.account().setAside().size());
            }
        }
    }

    @Test
    void shouldNotSpeakOfASourceThatHasNotAnswered() {
        try (QuantumCache cache = new QuantumCache(LEAST, List.of(), task -> { }, settings)) {
            assertEquals("0 of 100,000 so far; until a source has answered they come from the operating system's"
                    + " generator", SeedWords.now(cache.account()));
        }
    }
}
