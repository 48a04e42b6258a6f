package org.qtop.proxy.status;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.engine.seed.SourceFault;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.audit.Audit;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamTable;

/** A made-up proxy to tell about, under a frozen clock. For tests. */
final class Subjects {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final Metrics metrics = new Metrics();
    final Settings settings;
    final TopologicalTimingEngine engine;
    final Audit audit;
    final StreamTable table;
    TorState tor = new TorState("127.0.0.1:9050", "0.4.9.11", "safe cookie", TorState.Control.CONNECTED, "", 100);
    SeedAccount seeds = new SeedAccount(100_000, 99_000, Map.of("os", 8_192L), Map.of("os", 100_000L), 100_000, 1_000,
            0, 0, 1, "os", List.of());
    HoldAt holdAt = HoldAt.REQUEST;
    boolean alive = true;
    private long next;

    Subjects() {
        this(Map.of());
    }

    Subjects(Map<Setting, String> given) {
        try {
            settings = Settings.of(given, Map.of());
            AtomicLong seed = new AtomicLong(0x1234_5678_9abc_def0L);
            engine = new TopologicalTimingEngine(() -> seed.addAndGet(0x9e37_79b9_7f4a_7c15L),
                    HoldLaw.parse(settings.law()), 2 * Math.PI, 1_000);
            audit = new Audit(engine, metrics, Optional.empty());
            table = new StreamTable(metrics, audit::record);
        } catch (SettingException e) {
            throw new IllegalStateException(e);
        }
    }

    Subject subject() {
        return new Subject("0.1.0", START, Clock.fixed(START.plusSeconds(60), ZoneOffset.UTC), "127.0.0.1:9150",
                settings, () -> holdAt, metrics, audit, engine, () -> seeds, table::pending, () -> tor, () -> alive,
                () -> List.of("2026-01-01T00:00:00Z WARN made up"));
    }

    /** Releases a stream on a circuit. */
    void release(long circuit, long latenessNanos) {
        next++;
        long advance = engine.advance(0, next);
        ProxyStream stream = new ProxyStream(next, Kind.CONNECT, advance, engine.holdNanos(advance));
        stream.released(latenessNanos);
        table.connected();
        var source = new java.net.InetSocketAddress("127.0.0.1", 1_000 + (int) next % 60_000);
        table.opened(stream, source);
        table.onStream(event(StreamEvent.Status.NEW, 0, source));
        table.onStream(event(StreamEvent.Status.SENTCONNECT, circuit, null));
        table.onStream(event(StreamEvent.Status.SUCCEEDED, circuit, null));
    }

    private StreamEvent event(StreamEvent.Status status, long circuit, java.net.InetSocketAddress source) {
        return new StreamEvent(next, status, circuit, source, null, null, "USER");
    }

    Subjects withFault() {
        seeds = new SeedAccount(100_000, 0, Map.of("os", 8_192L, "file", 512L), Map.of("os", 100_000L), 100_000,
                300_000, 200_000, 0, 1, "os", List.of(new SourceFault("file", "used up", 1, 1)));
        return this;
    }
}
