package org.qtop.proxy.intercept;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.intercept.InterceptException.Kind;
import org.qtop.proxy.intercept.Rescue.Freed;
import org.qtop.proxy.stream.StreamEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a Tor that leaves its streams to a controller who may be gone, and frees it once that is certain. Never
 * acts against a controller that is alive, whatever its holds are.
 *
 * <p>It is certain when nobody else is connected to Tor's control ports, seen twice a second apart; where that cannot
 * be seen, or other controllers are connected that have nothing to do with streams, once a stream has waited for longer
 * than anybody holds it and Tor says that it was a controller that it waited for. Thread-safe.
 */
public final class Guard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final long LOOK_MILLIS = 1_000;

    private final Steering tor;
    private final Supplier<Company> company;
    private final LongSupplier clock;
    private final Absence absence = new Absence();
    private final Thread watch = new Thread(this::watch, "qtop-guard");

    /**
     * A guard at rest.
     *
     * @param control our only connection to that Tor
     */
    public Guard(TorControl control) {
        this(Steering.of(control), () -> Company.of(control), System::nanoTime);
    }

    /** The same with what it sees handed in. */
    Guard(Steering tor, Supplier<Company> company, LongSupplier clock) {
        this.tor = tor;
        this.company = company;
        this.clock = clock;
    }

    /** How Tor stands. */
    public enum State {
        /** It attaches its streams itself, or does so again. */
        FREE,
        /** It leaves them to a controller, who may be at work. */
        LEFT
    }

    /**
     * What was seen, and done about it. Immutable.
     *
     * @param state how Tor stands now
     * @param freed what was done, if anything was
     */
    public record Look(State state, Optional<Freed> freed) {
    }

    /**
     * Looks now: at once if Tor attaches its streams itself, else for a second.
     *
     * @return what was seen and done
     * @throws InterceptException if Tor refused or did not answer
     * @throws InterruptedException if this thread is interrupted
     */
    public Look look() throws InterceptException, InterruptedException {
        Look first = lookOnce();
        if (first.state() == State.FREE) {
            return first;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        return lookOnce();
    }

    /** Looks every second from now on, on a thread of its own, until Tor is free or this is closed. */
    public void start() {
        watch.setDaemon(true);
        watch.start();
    }

    /** One look; two of them may be needed before something is done. */
    Look lookOnce() throws InterceptException, InterruptedException {
        long end = System.nanoTime() + Rescue.LIMIT.toNanos();
        if (!Rescue.isOn(Rescue.await(tor.send(Rescue.OPTION_ASKED), end))) {
            return new Look(State.FREE, Optional.empty());
        }
        boolean gone = absence.gone(company.get(), clock.getAsLong());
        List<Long> waiting = Rescue.await(tor.streams(), end).stream().filter(Rescue::mayWait)
                .map(StreamEvent::streamId).toList();
        Optional<Long> overdue = absence.overdue(waiting, clock.getAsLong());
        if (!gone && overdue.isPresent()) {
            // 555 for one that waits for a circuit, which a controller that is alive has attached already.
            gone = Rescue.await(tor.send(Rescue.attach(overdue.get())), end).ok();
        }
        return gone ? new Look(State.FREE, Optional.of(Rescue.free(tor, Rescue.LIMIT, stream -> false)))
                : new Look(State.LEFT, Optional.empty());
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                try {
                    Look look = lookOnce();
                    look.freed().ifPresent(what -> LOG.warn("Tor was left holding streams: {}", what.text()));
                    if (look.state() == State.FREE) {
                        return;
                    }
                } catch (InterceptException e) {
                    absence.forget();
                    LOG.debug("whether Tor holds streams is not known: {}", e.getMessage());
                    if (e.kind() == Kind.FORBIDDEN) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks no more. May be called again, and without {@link #start}. */
    @Override
    public void close() {
        watch.interrupt();
    }
}
