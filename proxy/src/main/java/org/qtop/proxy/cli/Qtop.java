package org.qtop.proxy.cli;

import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.audit.Audit;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.connector.ClientAddresses;
import org.qtop.proxy.connector.ReadSizes;
import org.qtop.proxy.connector.TorConnector;
import org.qtop.proxy.connector.Transport;
import org.qtop.proxy.intercept.Interceptor;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.BulkLoops;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.socks.FrontContext;
import org.qtop.proxy.socks.Listeners;
import org.qtop.proxy.socks.SocksServer;
import org.qtop.proxy.socks.TorHttp;
import org.qtop.proxy.status.Heartbeat;
import org.qtop.proxy.status.StatusServer;
import org.qtop.proxy.status.Subject;
import org.qtop.proxy.stream.StreamFailure;
import org.qtop.proxy.stream.StreamTable;

/** One running proxy: everything put together, and put away again. Thread-safe. */
final class Qtop implements AutoCloseable {

    /** The angle, in radians, that one turn of a phase stands for where phases are shown. */
    private static final double WINDING_QUANTUM = 2 * Math.PI;
    /** Circuits whose paths are kept; a busy client has a few dozen. */
    private static final int MAX_CIRCUITS = 100_000;
    private static final long SWEEP_MILLIS = 500;
    /** How long events may wait where no hold waits for them. */
    private static final Duration GATHERING = Duration.ofMillis(5);

    private final Settings settings;
    private final Metrics metrics;
    private final SeedSupply seeds;
    private final Audit audit;
    private final StreamTable table;
    private final TorAccess tor;
    private final HoldAt holdAt;
    private final Interceptor interceptor;
    private final Listeners server;
    private final Optional<StatusServer> status;
    private final Heartbeat heart;
    private final Closer closer;

    private Qtop(Settings settings, Metrics metrics, SeedSupply seeds, Audit audit, StreamTable table, TorAccess tor,
            HoldAt holdAt, Interceptor interceptor, Listeners server, Optional<StatusServer> status, Heartbeat heart,
            Closer closer) {
        this.settings = settings;
        this.metrics = metrics;
        this.seeds = seeds;
        this.audit = audit;
        this.table = table;
        this.tor = tor;
        this.holdAt = holdAt;
        this.interceptor = interceptor;
        this.server = server;
        this.status = status;
        this.heart = heart;
        this.closer = closer;
    }

    /**
     * Starts a proxy.
     *
     * @param settings checked settings
     * @param console where progress is shown
     * @return the running proxy, to be closed
     * @throws Failure if it cannot be started; nothing is left running then
     * @throws InterruptedException if this thread is interrupted; nothing is left running then
     */
    static Qtop start(Settings settings, Console console) throws Failure, InterruptedException {
        Closer closer = new Closer();
        try {
            return start(settings, console, closer);
        } catch (Failure | InterruptedException | RuntimeException e) {
            closer.close();
            throw e;
        }
    }

    private static Qtop start(Settings settings, Console console, Closer closer) throws Failure, InterruptedException {
        Entrances.checkFree(settings);
        Metrics metrics = new Metrics();
        SeedSupply seeds = closer.add(SeedSupply.open(settings, metrics, System.getenv()));
        TopologicalTimingEngine engine = engine(settings, seeds.cache());
        ViolationResponse onViolation = new ViolationResponse(settings.onViolation(), metrics);
        Audit audit = closer.add(audit(settings, engine, metrics, onViolation));
        StreamTable table = new StreamTable(metrics, audit::record);
        closer.add(table::close);
        Holds holds = new Holds(engine);
        Interceptor interceptor = new Interceptor(engine, table, metrics, holds::number);
        TorWatch watch = new TorWatch(table, audit, metrics, interceptor);
        TorAccess tor = closer.add(new TorChooser(settings, watch, console).choose());
        tor.control().ifPresent(control -> onViolation.control(control::send));
        seeds.torReady(tor.socks());
        closer.add(interceptor);
        HoldAt holdAt = InsideTor.begin(settings, tor, interceptor, console, closer);
        if (holdAt == HoldAt.REQUEST) {
            tor.control().ifPresent(control -> control.gatherEvents(GATHERING));
        }
        Supplier<HoldAt> holdAtNow =
                () -> holdAt == HoldAt.ATTACH && !interceptor.active() ? HoldAt.REQUEST : holdAt;
        Transport transport = closer.add(Transport.start(Runtime.getRuntime().availableProcessors())
                .reading(new ReadSizes(metrics::openConnections, BulkLoops.BULK_BYTES)));
        Transport bulk = closer.add(Transport.startForBulk(Runtime.getRuntime().availableProcessors()));
        transport.loops().next().scheduleAtFixedRate(() -> table.sweep(transport.loops().next().ticker().nanoTime()),
                SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        seeds.awaitFilled(console);
        ClientAddresses addresses = new ClientAddresses();
        Listeners server = closer.add(Entrances.open(transport, settings, tor.socks(), addresses, new FrontContext(
                new TorConnector(transport, tor.socks()), holds, table, metrics,
                () -> refusal(settings, watch, onViolation), settings.maxStreams(),
                http(transport, settings, tor, addresses),
                holdAtNow, new BulkLoops(bulk.loops()))));
        List<EventExecutor> loops = new ArrayList<>();
        transport.loops().forEach(loops::add);
        bulk.loops().forEach(loops::add);
        Heartbeat heart = new Heartbeat(loops, System::nanoTime);
        Optional<StatusServer> status = StatusRoom.start(settings, new Subject(Main.version(),
                StatusRoom.clock().instant(), StatusRoom.clock(), Entrances.text(server), settings, holdAtNow,
                metrics, audit, engine, seeds.cache()::account, table::pending, () -> StatusRoom.torState(tor, watch),
                () -> heart.alive() && interceptor.alive(), Logs::lastErrors), console);
        status.ifPresent(closer::add);
        return new Qtop(settings, metrics, seeds, audit, table, tor, holdAt, interceptor, server, status, heart,
                closer);
    }

    private static Optional<StreamFailure> refusal(Settings settings, TorWatch watch, ViolationResponse onViolation) {
        return settings.refuseWithoutControl() && !watch.present() ? Optional.of(StreamFailure.CONTROL_MISSING)
                : onViolation.refusal();
    }

    /** With the addresses of all other clients: two that shared one would be one to Tor, and one key to ours. */
    private static TorHttp http(Transport transport, Settings settings, TorAccess tor, ClientAddresses addresses) {
        Supplier<String> version = () -> tor.control().map(control -> control.identity().version()).orElse("");
        return settings.torHttp()
                .map(port -> TorHttp.through(new TorConnector(transport, () -> port, addresses), version))
                .orElseGet(() -> TorHttp.asSocks(version));
    }

    /** The engine that the settings describe. */
    static TopologicalTimingEngine engine(Settings settings, QuantumCache seeds) {
        return new TopologicalTimingEngine(seeds::nextSeed, HoldLaw.parse(settings.law()), WINDING_QUANTUM,
                MAX_CIRCUITS);
    }

    /** The account that the settings describe. */
    static Audit audit(Settings settings, TopologicalTimingEngine engine, Metrics metrics,
            ViolationResponse onViolation) throws Failure {
        try {
            return new Audit(engine, metrics, settings.journal(), onViolation);
        } catch (SettingException e) {
            throw Failure.of(e);
        }
    }

    /** Where applications connect first of all, which is on TCP. */
    InetSocketAddress address() {
        return server.all().get(0).address();
    }

    /** Every place where applications connect, joined by commas. */
    String places() {
        return Entrances.text(server);
    }

    /** Every place where applications connect. */
    List<SocksServer> listeners() {
        return server.all();
    }

    /** Where the status is told, if it is. */
    Optional<SocketAddress> statusAddress() {
        return status.map(StatusServer::address);
    }

    /** Whether the event loops turn, and the timer of what is held inside Tor. */
    boolean alive() {
        return heart.alive() && interceptor.alive();
    }

    /** The Tor that streams go through. */
    TorAccess tor() {
        return tor;
    }

    /** Where streams are held. */
    HoldAt holdAt() {
        return holdAt;
    }

    /** Where seeds came from and where they went. */
    SeedAccount seeds() {
        return seeds.cache().account();
    }

    /** How many client connections are open. */
    long openConnections() {
        return metrics.openConnections();
    }

    /** How many releases are recorded. */
    long recorded() {
        return audit.recorded();
    }

    /** How many records the verifier rejected. */
    long violations() {
        return audit.violations();
    }

    /** The last releases, oldest first. */
    List<Release> releases() {
        return audit.releases();
    }

    /**
     * Accepts no more and lets open streams finish, for as long as the settings allow.
     *
     * @return how many connections were closed unfinished
     */
    int drain() throws InterruptedException {
        interceptor.stop();
        int closed = server.drain(settings.drainNanos());
        table.close();
        return closed;
    }

    /** What the run did, in one line. */
    String summary() {
        long lost = metrics.value(Counter.JOURNAL_FAILURES);
        return String.format(Locale.ROOT, "%,d streams released, %,d matched to Tor's streams, %,d with stand-in"
                + " identifiers, %,d violations", metrics.value(Counter.STREAMS_RELEASED),
                metrics.value(Counter.STREAMS_MATCHED), metrics.value(Counter.STREAMS_UNMATCHED), violations())
                + (lost == 0 ? "" : String.format(Locale.ROOT, ", %,d lines missing in the journal", lost));
    }

    @Override
    public void close() {
        closer.close();
    }
}
