package org.qtop.proxy.control;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.qtop.proxy.control.ControlException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session with the control port alive: makes it, tells the observer, and makes the next when it ends.
 * Thread-safe.
 *
 * <p>A session is first {@code coming}, while it logs in; then {@code live}, from the moment Tor has taken the
 * subscription. Only the end of a live session is told to the observer and begins the attempts to come back.
 */
final class SessionKeeper implements ControlSession.Owner, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionKeeper.class);

    /** All of one line each, as the parser knows them. Not CONF_CHANGED: some of its lines end jtorctl's reader. */
    private static final String EVENTS = "STREAM CIRC STATUS_CLIENT SIGNAL";

    private final ControlSettings settings;
    private final ControlObserver observer;
    private final ControlTimer timer;
    private final EventParser parser;
    private final ObserverThread observing = new ObserverThread();
    private final ExecutorService workers = Executors.newCachedThreadPool(DaemonThreads.named("qtop-control-worker"));
    private final LongAdder unasked = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final LongAdder failedAttempts = new LongAdder();
    private final Object lock = new Object();
    private volatile long gatherNanos;

    // Guarded by lock.
    private final BackOff backOff;
    private ControlSession coming;
    private ControlSession live;
    private long liveSinceNanos;
    private TorIdentity identity;
    private String trouble;
    private boolean closed;

    SessionKeeper(ControlSettings settings, ControlObserver observer, EventParser parser, ControlTimer timer,
            DoubleSupplier random) {
        this.settings = settings;
        this.observer = observer;
        this.parser = parser;
        this.timer = timer;
        this.backOff = new BackOff(settings.minBackOff().toNanos(), settings.maxBackOff().toNanos(), random);
    }

    /**
     * Makes a session and waits until it is live.
     *
     * @throws ControlException if it cannot be had; nothing of it is left then
     */
    void connect() throws ControlException {
        AtomicBoolean announced = new AtomicBoolean();
        ControlSession session = SessionDial.connect(settings, this);
        try {
            synchronized (lock) {
                if (closed) {
                    throw closedByUs();
                }
                coming = session;
            }
            session.begin(this::onEvent);
            TorIdentity found = session.identify();
            session.subscribe(EVENTS, () -> announced.set(announce(session, found)), this::onBootstrapPhase);
        } finally {
            // Once live, its end is told by ended(), however soon it comes.
            if (!announced.get()) {
                session.close();
            }
        }
        if (!announced.get()) {
            ControlException why = session.failure();
            throw why != null ? why : closedByUs();
        }
    }

    /**
     * The session for commands.
     *
     * @return one that was live a moment ago
     * @throws ControlException of the kind LOST if there is none
     */
    ControlSession session() throws ControlException {
        synchronized (lock) {
            if (live != null) {
                return live;
            }
            throw new ControlException(Kind.LOST, "no connection to Tor's control port " + settings.addressText()
                    + " at the moment: " + trouble);
        }
    }

    /** Why there is no connection, or empty while there is one. */
    Optional<String> trouble() {
        synchronized (lock) {
            return live != null ? Optional.empty() : Optional.ofNullable(trouble);
        }
    }

    /** Which Tor answered last. */
    TorIdentity identity() {
        synchronized (lock) {
            return identity;
        }
    }

    /** What was counted. */
    ControlCounters counters() {
        return new ControlCounters(connections.sum(), failedAttempts.sum(), events.sum(), parser.unusableCount(),
                observing.droppedCount(), observing.failureCount(), unasked.sum());
    }

    /** Runs on the observer's thread, behind all events so far. */
    void post(Runnable task) {
        observing.post(task);
    }

    @Override
    public ControlTimer timer() {
        return timer;
    }

    @Override
    public ExecutorService workers() {
        return workers;
    }

    @Override
    public LongAdder unasked() {
        return unasked;
    }

    @Override
    public long gatherNanos() {
        return gatherNanos;
    }

    /** From now on events may wait so long for others before they are read. */
    void gather(long nanos) {
        gatherNanos = nanos;
    }

    @Override
    public void ended(ControlSession session, ControlException why) {
        synchronized (lock) {
            if (coming == session) {
                coming = null;
            }
            if (live != session || closed) {
                return;
            }
            live = null;
            trouble = why.getMessage();
            if (timer.nanoTime() - liveSinceNanos > settings.maxBackOff().toNanos()) {
                backOff.reset();
            }
        }
        LOG.debug("lost Tor's control port {}: {}", settings.addressText(), why.getMessage());
        observing.post(() -> observer.onLost(why.getMessage()));
        attemptLater();
    }

    /** Ends the session, the attempts to come back and every thread. */
    @Override
    public void close() {
        ControlSession first;
        ControlSession second;
        synchronized (lock) {
            closed = true;
            trouble = "it was closed";
            first = live;
            second = coming;
            live = null;
            coming = null;
        }
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
        timer.close();
        workers.shutdownNow();
        observing.close();
    }

    /** On the reading thread, when Tor has taken the subscription and before any event. */
    private boolean announce(ControlSession session, TorIdentity found) {
        boolean sameTor;
        synchronized (lock) {
            if (closed || coming != session) {
                return false;
            }
            coming = null;
            live = session;
            liveSinceNanos = timer.nanoTime();
            sameTor = identity != null && identity.sameProcess(found);
            identity = found;
        }
        connections.increment();
        observing.post(() -> observer.onConnected(found, sameTor));
        return true;
    }

    private void onBootstrapPhase(String data) {
        parser.bootstrap(data).ifPresent(event -> observing.post(() -> event.tell(observer)));
    }

    /** On the reading thread, which an exception would end. */
    private void onEvent(String keyword, String data) {
        try {
            parser.parse(keyword, data).ifPresent(event -> {
                if (observing.offer(() -> event.tell(observer))) {
                    events.increment();
                }
            });
        } catch (RuntimeException e) {
            LOG.error("a fault in reading an event of Tor's control port: {}", e.getClass().getName());
        }
    }

    private void attemptLater() {
        long pauseNanos;
        synchronized (lock) {
            if (closed) {
                return;
            }
            pauseNanos = backOff.nextNanos();
        }
        timer.after(pauseNanos, () -> {
            try {
                workers.execute(this::attempt);
            } catch (RejectedExecutionException e) {
                LOG.debug("closed before the next attempt");
            }
        });
    }

    private void attempt() {
        try {
            connect();
            LOG.debug("Tor's control port {} is back", settings.addressText());
        } catch (ControlException e) {
            failedAttempts.increment();
            boolean news;
            synchronized (lock) {
                news = !closed && !e.getMessage().equals(trouble);
                trouble = closed ? trouble : e.getMessage();
            }
            if (news) {
                LOG.warn("{}", e.getMessage());
            }
            attemptLater();
        }
    }

    private static ControlException closedByUs() {
        return new ControlException(Kind.LOST, "the control connection was closed");
    }
}
