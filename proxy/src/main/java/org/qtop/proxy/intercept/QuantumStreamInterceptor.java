package org.qtop.proxy.intercept;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.audit.Audit;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.ControlSettings;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.control.TorIdentity;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.stream.CircuitEvent;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamTable;

/**
 * Holds the streams of a Tor that somebody runs: with a control connection, a stream table and an account of its own.
 * Thread-safe.
 *
 * <pre>{@code
 * try (QuantumCache cache = new QuantumCache();
 *         QuantumStreamInterceptor interceptor = new QuantumStreamInterceptor(cache,
 *                 new TopologicalTimingEngine(cache, 2 * Math.PI, 0.1, 10), ControlSettings.at(address))) {
 *     interceptor.connect();
 *     interceptor.startInterception();
 *     ...
 * }
 * }</pre>
 *
 * <p>However it ends, {@code kill -9} aside, Tor is not left holding streams: closing stops, and so does the end of the
 * virtual machine. Call {@link Rescue#free} after a kill.
 */
public final class QuantumStreamInterceptor implements AutoCloseable {

    private final QuantumCache cache;
    private final ControlSettings settings;
    private final Metrics metrics;
    private final Audit audit;
    private final StreamTable table;
    private final Interceptor interceptor;
    private final Thread atExit = new Thread(this::stopQuietly, "qtop-intercept-exit");
    private final Object lock = new Object();

    // Guarded by lock.
    private TorControl control;
    private boolean atExitSet;

    /**
     * An interceptor that is not connected, with counts and an account of its own and no journal.
     *
     * @param cache where the engine's seeds come from
     * @param engine draws holds
     * @param control where Tor's control port is and how to log in
     */
    public QuantumStreamInterceptor(QuantumCache cache, TopologicalTimingEngine engine, ControlSettings control) {
        this(cache, engine, control, new Metrics());
    }

    private QuantumStreamInterceptor(QuantumCache cache, TopologicalTimingEngine engine, ControlSettings control,
            Metrics metrics) {
        this(cache, engine, control, metrics, withoutJournal(engine, metrics));
    }

    /**
     * An interceptor that is not connected.
     *
     * @param cache where the engine's seeds come from
     * @param engine draws holds
     * @param control where Tor's control port is and how to log in
     * @param metrics counts
     * @param audit accounts for releases; closed by whoever made it
     */
    public QuantumStreamInterceptor(QuantumCache cache, TopologicalTimingEngine engine, ControlSettings control,
            Metrics metrics, Audit audit) {
        this.cache = Objects.requireNonNull(cache, "cache");
        this.settings = Objects.requireNonNull(control, "control");
        this.metrics = metrics;
        this.audit = audit;
        this.table = new StreamTable(metrics, audit::record);
        this.interceptor = new Interceptor(engine, table, metrics, new AtomicLong()::incrementAndGet);
    }

    private static Audit withoutJournal(TopologicalTimingEngine engine, Metrics metrics) {
        try {
            return new Audit(engine, metrics, Optional.empty());
        } catch (SettingException e) {
            throw new IllegalStateException("an account without a journal has no file", e);
        }
    }

    /**
     * Connects to Tor's control port. Streams are not touched yet. Does nothing if it is connected.
     *
     * @throws ControlException if it cannot be reached or does not let us in; nothing is left behind then
     */
    public void connect() throws ControlException {
        synchronized (lock) {
            if (control == null) {
                control = TorControl.open(settings, new Observer());
            }
        }
    }

    private TorControl control() {
        synchronized (lock) {
            if (control == null) {
                throw new IllegalStateException("not connected: call connect() first");
            }
            return control;
        }
    }

    /**
     * Holds every stream from now on. Does nothing if that is so already.
     *
     * @return whether Tor left its streams to a controller before: another is at work, or one was killed
     * @throws InterceptException if Tor or a filter does not allow it, or does not answer; Tor is as before then
     * @throws InterruptedException if this thread is interrupted; {@link #stopInterception} puts Tor right
     * @throws IllegalStateException if {@link #connect} was not called
     */
    public boolean startInterception() throws InterceptException, InterruptedException {
        synchronized (lock) {
            if (!atExitSet) {
                Runtime.getRuntime().addShutdownHook(atExit);
                atExitSet = true;
            }
        }
        return interceptor.start(control());
    }

    /**
     * Lets every stream go and holds none from now on. Does nothing if none was held.
     *
     * @return whether Tor is surely free; if not, {@link Rescue#free} is called for
     * @throws InterruptedException if this thread is interrupted; Tor may be left holding streams then
     */
    public boolean stopInterception() throws InterruptedException {
        return interceptor.stop();
    }

    /**
     * Tells whether new streams are held at this moment.
     *
     * @return false also while the control connection is lost
     */
    public boolean isActive() {
        return interceptor.active();
    }

    /**
     * Tells whether the timer that ends holds still turns.
     *
     * @return false only if it is stuck
     */
    public boolean alive() {
        return interceptor.alive();
    }

    /**
     * How many released streams Tor's events have not brought to their end yet.
     *
     * @return 0 or more
     */
    public int pending() {
        return table.pending();
    }

    /**
     * How many streams wait for the end of their hold.
     *
     * @return 0 or more
     */
    public int held() {
        return interceptor.held();
    }

    /**
     * The Tor at the other end.
     *
     * @return a view of it, good until this object is closed
     * @throws IllegalStateException if {@link #connect} was not called
     */
    public Controller controller() {
        return new Controller(control());
    }

    /**
     * Which Tor is steered, and what it has.
     *
     * @param control the connection
     */
    public record Controller(TorControl control) {

        /**
         * Tor's version.
         *
         * @return such as {@code 0.4.9.11}
         */
        public String version() {
            return control.identity().version();
        }

        /**
         * Tor's circuits at this moment.
         *
         * @return in Tor's order
         * @throws ControlException if Tor refused, did not answer in time, or is not there
         */
        public List<CircuitEvent> circuits() throws ControlException {
            return control.circuits();
        }
    }

    /**
     * The last releases.
     *
     * @return oldest first, at most {@link Audit#RING_SIZE}
     */
    public List<Release> releases() {
        return audit.releases();
    }

    /**
     * What was counted.
     *
     * @return the counts, live
     */
    public Metrics metrics() {
        return metrics;
    }

    /**
     * Seeds that are left in the cache.
     *
     * @return 0 or more
     */
    public int seedsLeft() {
        return cache.available();
    }

    private void stopQuietly() {
        try {
            interceptor.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops, and ends the control connection. May be called again. */
    @Override
    public void close() {
        interceptor.close();
        synchronized (lock) {
            if (control != null) {
                control.close();
            }
            if (atExitSet) {
                atExitSet = false;
                try {
                    Runtime.getRuntime().removeShutdownHook(atExit);
                } catch (IllegalStateException e) {
                    // The virtual machine is ending, which is why we are here.
                }
            }
        }
        table.close();
    }

    /** Tells the table before the interceptor, which leans on it. */
    private final class Observer implements ControlObserver {

        @Override
        public void onConnected(TorIdentity identity, boolean sameTor) {
            if (!sameTor) {
                audit.allCircuitsOver();
            }
            table.connected();
            interceptor.onConnected(identity, sameTor);
        }

        @Override
        public void onStream(StreamEvent event) {
            interceptor.onStream(event);
        }

        @Override
        public void onCircuit(CircuitEvent event) {
            if (event.over()) {
                audit.circuitOver(event.circuitId());
            }
        }

        @Override
        public void onSignal(String name) {
            interceptor.onSignal(name);
        }

        @Override
        public void onLost(String reason) {
            metrics.count(Counter.CONTROL_LOST);
            table.disconnected();
            interceptor.onLost(reason);
        }
    }
}
