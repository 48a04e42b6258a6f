package org.qtop.proxy.intercept;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.ControlReply;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.control.TorIdentity;
import org.qtop.proxy.intercept.HoldBook.Mode;
import org.qtop.proxy.intercept.InterceptException.Kind;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds every stream that Tor leaves to its controller, over a control connection of somebody else's.
 *
 * <p>That somebody makes this one of the connection's observers. It hands STREAM events on to the stream table, which
 * nobody else may do then; of the connection's coming and going the table is told by somebody else, before this object
 * is. Waiting streams cost an entry in a table and one timer between them, no thread. Thread-safe.
 */
public final class Interceptor implements ControlObserver, AutoCloseable {

    /** How often is asked whether Tor still leaves its streams to us: 1 s. */
    public static final long LOOK_NANOS = 1_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Interceptor.class);
    private static final int NO_SUCH_STREAM = 552;
    private static final long RETRY_MILLIS = 20;

    private final TopologicalTimingEngine engine;
    private final StreamTable table;
    private final Metrics metrics;
    private final LongSupplier numbers;
    private final HoldTimer timer;
    private final ReentrantLock startOrStop = new ReentrantLock();

    // Guarded by this.
    private final HoldBook book;
    private Steering tor;
    private boolean connected;
    private boolean armed;
    private boolean alarmSet;
    private long alarmNanos;
    private long missed;
    private long lookedNanos;

    /**
     * An interceptor at rest.
     *
     * @param engine draws holds
     * @param table accounts for releases; gets the connection's STREAM events from this object
     * @param metrics counts
     * @param numbers gives each stream a number of ours, 1 or more and never twice
     */
    public Interceptor(TopologicalTimingEngine engine, StreamTable table, Metrics metrics, LongSupplier numbers) {
        this(engine, table, metrics, numbers, HoldTimer.system());
    }

    /** The same with clock and alarm handed in. */
    Interceptor(TopologicalTimingEngine engine, StreamTable table, Metrics metrics, LongSupplier numbers,
            HoldTimer timer) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.table = Objects.requireNonNull(table, "table");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.numbers = Objects.requireNonNull(numbers, "numbers");
        this.timer = timer;
        this.book = new HoldBook(new TorEffects(), table::knows, metrics);
    }

    /**
     * Has Tor leave its streams to us, and holds them from now on. Streams that wait already are attached at once.
     *
     * @param control whose events this object is told, connected at this moment; not to be called on its observer's
     *     thread
     * @return whether Tor left its streams to a controller before: another is at work, or one was killed
     * @throws InterceptException if Tor or a filter does not allow it, or does not answer; Tor is as before then
     * @throws InterruptedException if this thread is interrupted; {@link #stop} puts Tor right
     */
    public boolean start(TorControl control) throws InterceptException, InterruptedException {
        return start(Steering.of(control));
    }

    boolean start(Steering steering) throws InterceptException, InterruptedException {
        startOrStop.lockInterruptibly();
        try {
            if (mode() != Mode.IDLE) {
                return false;
            }
            long end = System.nanoTime() + Rescue.LIMIT.toNanos();
            mayAttach(steering, end);
            boolean wasOn = Rescue.isOn(Rescue.await(steering.send(Rescue.OPTION_ASKED), end));
            synchronized (this) {
                tor = steering;
                missed = steering.missed();
                book.begin(wasOn);
                book.connected(false);
                connected = true;
                lookedNanos = timer.nanoTime();
            }
            takeStreams(steering, end);
            if (wasOn) {
                LOG.warn("Tor left its streams to a controller already: one was killed, or another is at work");
            }
            steering.streams().whenComplete(this::compare);
            timer.after(LOOK_NANOS, this::look);
            return wasOn;
        } finally {
            startOrStop.unlock();
        }
    }

    /** A filter may let the option pass and not the command: then every stream would hang. Tor has no stream 0. */
    private static void mayAttach(Steering steering, long end) throws InterceptException, InterruptedException {
        int code = Rescue.await(steering.send(Rescue.attach(0)), end).code();
        if (code != NO_SUCH_STREAM) {
            throw Rescue.forbidden("ATTACHSTREAM", code);
        }
    }

    private void takeStreams(Steering steering, long end) throws InterceptException, InterruptedException {
        try {
            Rescue.allowed(Rescue.await(steering.send(Rescue.OPTION_ON), end), Rescue.OPTION_ON);
            synchronized (this) {
                armed = connected;
            }
        } catch (InterceptException e) {
            if (e.kind() == Kind.FORBIDDEN) {
                synchronized (this) {
                    book.forget();
                }
                throw e;
            }
            // Tor may have heard it. Once the connection is back, it is told again.
            LOG.warn("holding begins once Tor's control port is back: {}", e.getMessage());
        }
    }

    private synchronized Mode mode() {
        return book.mode();
    }

    /**
     * Tells whether new streams are held at this moment.
     *
     * @return true between {@link #start} and {@link #stop}, while the connection is there and Tor has taken the option
     */
    public synchronized boolean active() {
        return book.mode() == Mode.HOLDING && connected && armed;
    }

    /**
     * Tells whether the timer that ends holds still turns.
     *
     * @return true unless something was started and has not looked round for ten times its pace
     */
    public synchronized boolean alive() {
        return book.mode() == Mode.IDLE || timer.nanoTime() - lookedNanos < 10 * LOOK_NANOS;
    }

    /**
     * How many streams wait for the end of their hold.
     *
     * @return 0 or more
     */
    public synchronized int held() {
        return book.held();
    }

    /**
     * Lets Tor attach its streams itself, and every stream go that waits. If the connection is lost, waits for it to
     * come back, for at most {@link Rescue#LIMIT}. Does nothing if nothing was started. Not to be called on the
     * observer's thread.
     *
     * @return whether Tor is surely free
     * @throws InterruptedException if this thread is interrupted; Tor may be left holding streams then
     */
    public boolean stop() throws InterruptedException {
        startOrStop.lockInterruptibly();
        try {
            Steering steering;
            synchronized (this) {
                if (book.mode() == Mode.IDLE) {
                    return true;
                }
                steering = tor;
                armed = false;
                LOG.debug("holding ends with {} streams held", book.held());
                steering.send(Rescue.OPTION_OFF);
                book.end(timer.nanoTime());
            }
            boolean free = freed(steering);
            synchronized (this) {
                book.forget();
            }
            return free;
        } finally {
            startOrStop.unlock();
        }
    }

    private boolean freed(Steering steering) throws InterruptedException {
        long end = System.nanoTime() + Rescue.LIMIT.toNanos();
        while (true) {
            try {
                Rescue.free(steering, Rescue.LIMIT, this::onItsWay);
                return true;
            } catch (InterceptException e) {
                if (e.kind() == Kind.FORBIDDEN || System.nanoTime() - end > 0) {
                    LOG.error("Tor may be left with streams that wait ({}); qtop release frees it", e.getMessage());
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
    }

    private synchronized boolean onItsWay(long stream) {
        return book.onItsWay(stream);
    }

    /** Stops, whether this thread is interrupted or not, and ends the timer. May be called again. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            stop();
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            timer.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public synchronized void onConnected(TorIdentity identity, boolean sameTor) {
        connected = true;
        if (book.mode() != Mode.IDLE) {
            book.connected(sameTor);
            arm();
            tor.streams().whenComplete(this::compare);
        }
    }

    /** Under the lock, so that no option goes on behind the one that stop() turns off. */
    private void arm() {
        if (book.mode() != Mode.HOLDING) {
            return;
        }
        tor.send(Rescue.OPTION_ON).whenComplete((reply, failure) -> {
            synchronized (this) {
                armed = failure == null && reply.ok() && book.mode() == Mode.HOLDING;
            }
            if (failure == null && !reply.ok()) {
                LOG.error("{}", Rescue.forbidden(Rescue.OPTION_ON, reply.code()).getMessage());
            }
        });
    }

    /** The table and the book in one step: an answer of Tor's may be taken in by another thread at any moment. */
    @Override
    public synchronized void onStream(StreamEvent event) {
        table.onStream(event);
        guarded(() -> book.event(event, timer.nanoTime()));
    }

    @Override
    public synchronized void onSignal(String name) {
        if (name.equals("RELOAD") && book.mode() == Mode.HOLDING) {
            metrics.count(Counter.OPTION_RESTORED);
            LOG.info("Tor read its configuration again, which ends the leaving of streams to us: set again");
            arm();
        }
    }

    @Override
    public synchronized void onLost(String reason) {
        connected = false;
        armed = false;
        book.lost();
    }

    /** Where Tor does not tell its streams, a filter may be why: what is due must not wait for that. */
    private synchronized void compare(List<StreamEvent> all, Throwable failure) {
        if (failure == null) {
            guarded(() -> book.snapshot(all, timer.nanoTime()));
        } else {
            guarded(() -> book.passed(timer.nanoTime()));
        }
    }

    /** Looks every second whether the option is still on, and whether something of Tor's was missed. */
    private void look() {
        synchronized (this) {
            if (book.mode() != Mode.HOLDING) {
                return;
            }
            lookedNanos = timer.nanoTime();
            if (connected) {
                tor.send(Rescue.OPTION_ASKED).thenAccept(this::restore);
                if (missed != tor.missed()) {
                    missed = tor.missed();
                    tor.streams().whenComplete(this::compare);
                }
            }
        }
        timer.after(LOOK_NANOS, this::look);
    }

    private synchronized void restore(ControlReply reply) {
        if (armed && reply.ok() && !Rescue.isOn(reply)) {
            metrics.count(Counter.OPTION_RESTORED);
            LOG.warn("somebody else had Tor attach its streams itself, another controller perhaps: set again");
            arm();
        }
    }

    private void answered(long stream, ControlReply reply, Throwable failure) {
        long nowNanos = timer.nanoTime();
        synchronized (this) {
            guarded(() -> {
                if (failure == null) {
                    book.answered(stream, reply.code(), nowNanos);
                } else {
                    book.unanswered(stream);
                }
            });
        }
    }

    private void wake(long atNanos) {
        synchronized (this) {
            if (alarmSet && alarmNanos == atNanos) {
                alarmSet = false;
            }
            guarded(() -> book.passed(timer.nanoTime()));
        }
    }

    /** After a fault of our own, every stream that Tor has is looked at within a second. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            missed--;
            metrics.count(Counter.INTERNAL_ERRORS);
            LOG.error("a fault in holding streams", e);
        }
    }

    /** What the book wants done, under the lock. */
    private final class TorEffects implements HoldBook.Effects {

        @Override
        public ProxyStream plan(long torStream, org.qtop.proxy.stream.Kind kind) {
            long advance = engine.advance(TopologicalTimingEngine.UNKNOWN_CIRCUIT, torStream);
            return new ProxyStream(numbers.getAsLong(), kind, advance, engine.holdNanos(advance));
        }

        @Override
        public void attach(long torStream) {
            tor.send(Rescue.attach(torStream)).whenComplete((reply, failure) -> answered(torStream, reply, failure));
        }

        @Override
        public void wakeAt(long nanos) {
            if (!alarmSet || nanos - alarmNanos < 0) {
                alarmSet = true;
                alarmNanos = nanos;
                timer.after(nanos - timer.nanoTime(), () -> wake(nanos));
            }
        }

        @Override
        public void released(ProxyStream stream, long torStream, List<StreamEvent> since) {
            table.entered(stream, torStream, since);
        }
    }
}
