package org.qtop.proxy.intercept;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.qtop.proxy.intercept.TorStream.State;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamEvent.Status;

/**
 * The rules of holding streams inside Tor, without clock, thread or socket: what happened and the time go in, effects
 * come out. Confined to one thread or lock; its effects may call back at once.
 *
 * <p>Times are nanoseconds of any origin and are compared by subtraction.
 */
final class HoldBook {

    /** How many streams are held at once: about 30 MB. Further ones pass without a hold and are counted. */
    static final int MOST_HELD = 100_000;

    private static final int ATTACHED = 250;
    private static final int GIVEN_UP = 551;
    private static final int NO_SUCH_STREAM = 552;
    private static final int NOT_OURS = 555;

    /** What is to be done about a stream that Tor leaves to us. */
    enum Mode {
        /** Nothing: it is not ours to touch. */
        IDLE,
        /** Hold it, then attach it. */
        HOLDING,
        /** Attach it at once. */
        ENDING
    }

    /** What the book wants done. */
    interface Effects {

        /**
         * Draws a hold.
         *
         * @param torStream Tor's number of the stream
         * @param kind what it is
         * @return its plan
         */
        ProxyStream plan(long torStream, Kind kind);

        /**
         * Asks Tor to attach a stream; {@link HoldBook#answered} or {@link HoldBook#unanswered} must follow once.
         *
         * @param torStream Tor's number of the stream
         */
        void attach(long torStream);

        /**
         * Calls {@link HoldBook#passed} at a time. Earlier wishes stay in force.
         *
         * @param nanos when, on the clock of {@code now}
         */
        void wakeAt(long nanos);

        /**
         * Accounts for a release.
         *
         * @param stream held and released, with its lateness
         * @param torStream Tor's number of it
         * @param since what Tor said of it since it was asked to attach it
         */
        void released(ProxyStream stream, long torStream, List<StreamEvent> since);
    }

    private final Effects effects;
    private final LongPredicate heldBefore;
    private final Metrics metrics;
    private final Map<Long, TorStream> streams = new HashMap<>();
    private final Turns turns = new Turns();
    private Mode mode = Mode.IDLE;
    private boolean connected;
    private int held;

    /**
     * An idle book.
     *
     * @param effects what it drives
     * @param heldBefore tells of a stream, by Tor's number, that it was held on its way to Tor
     * @param metrics where is counted what happens
     */
    HoldBook(Effects effects, LongPredicate heldBefore, Metrics metrics) {
        this.effects = effects;
        this.heldBefore = heldBefore;
        this.metrics = metrics;
    }

    /** What is done about streams. */
    Mode mode() {
        return mode;
    }

    /** How many streams wait for the end of their hold. */
    int held() {
        return held;
    }

    /** Tells whether a stream is surely on its way, by our doing. */
    boolean onItsWay(long id) {
        TorStream stream = streams.get(id);
        return stream != null && !stream.unsure && (stream.state == State.ASKED || stream.state == State.ATTACHED);
    }

    /**
     * From now on streams are held.
     *
     * @param notFirst whether Tor left its streams to a controller before, which goes first then
     */
    void begin(boolean notFirst) {
        mode = Mode.HOLDING;
        turns.begin(notFirst);
    }

    /**
     * From now on no stream is held, and those that are held go.
     *
     * @param nowNanos the time
     */
    void end(long nowNanos) {
        mode = Mode.ENDING;
        turns.clear().forEach(stream -> {
            stream.early = stream.plannedNanos - nowNanos > 0;
            ask(stream);
        });
    }

    /** From now on nothing is done, and nothing is known. */
    void forget() {
        mode = Mode.IDLE;
        clear();
    }

    /** Tor can be asked from now on. */
    void connected(boolean sameTor) {
        connected = true;
        if (!sameTor) {
            clear();
        }
    }

    /** Tor cannot be asked for now: what becomes due waits for {@link #snapshot}. */
    void lost() {
        connected = false;
    }

    private void clear() {
        List.copyOf(streams.values()).forEach(this::drop);
        turns.clear();
    }

    /**
     * Takes in an event.
     *
     * @param event in Tor's order
     * @param nowNanos the time
     */
    void event(StreamEvent event, long nowNanos) {
        if (mode == Mode.IDLE || event.purpose() != null && event.purpose().startsWith("DIR_")) {
            return;
        }
        switch (event.status()) {
            case NEW -> arrived(event.streamId(), Kind.CONNECT);
            case NEWRESOLVE -> arrived(event.streamId(), Kind.RESOLVE);
            case CONTROLLER_WAIT -> waits(event.streamId(), nowNanos);
            default -> {
                TorStream stream = streams.get(event.streamId());
                if (stream != null) {
                    moved(stream, event, nowNanos);
                }
            }
        }
    }

    private void arrived(long id, Kind kind) {
        TorStream before = streams.put(id, new TorStream(id, kind));
        if (before != null) {
            unhold(before);
        }
    }

    private void waits(long id, long nowNanos) {
        TorStream stream = streams.computeIfAbsent(id, key -> new TorStream(key, Kind.CONNECT));
        switch (stream.state) {
            case ARRIVED -> hold(stream, nowNanos);
            case ATTACHED -> {
                metrics.count(Counter.STREAMS_REATTACHED);
                ask(stream);
            }
            case ASKED -> {
                // A word about the wait that we have asked to end already, unless Tor took the stream back since.
                if (stream.detached) {
                    metrics.count(Counter.STREAMS_REATTACHED);
                    ask(stream);
                }
            }
            default -> { }
        }
    }

    private void hold(TorStream stream, long nowNanos) {
        boolean before = heldBefore.test(stream.id);
        if (before || mode == Mode.ENDING || held == MOST_HELD) {
            stream.unheld = !before;
            ask(stream);
            return;
        }
        stream.plan = effects.plan(stream.id, stream.kind);
        wait(stream, nowNanos, stream.plan.holdNanos());
    }

    private void wait(TorStream stream, long nowNanos, long holdNanos) {
        stream.sinceNanos = nowNanos;
        stream.plannedNanos = nowNanos + holdNanos;
        stream.state = State.HELD;
        held++;
        metrics.holdBegan();
        long dueNanos = turns.add(stream);
        if (dueNanos == nowNanos) {
            passed(nowNanos);
        } else {
            effects.wakeAt(dueNanos);
        }
    }

    private void taken(TorStream stream, long nowNanos) {
        metrics.count(Counter.STREAMS_TAKEN);
        turns.taken(nowNanos - stream.sinceNanos);
    }

    /** A stream that Tor says something about other than that it came or waits. */
    private void moved(TorStream stream, StreamEvent event, long nowNanos) {
        Status status = event.status();
        boolean over = status == Status.CLOSED || status == Status.FAILED;
        boolean under = status == Status.SENTCONNECT || status == Status.SENTRESOLVE || status == Status.SUCCEEDED;
        if (!over && !under && status != Status.DETACHED) {
            return;
        }
        switch (stream.state) {
            case ASKED -> {
                stream.detached |= status == Status.DETACHED;
                stream.since.add(event);
            }
            case ATTACHED -> {
                if (over || status == Status.SUCCEEDED) {
                    drop(stream);
                }
            }
            case HELD -> {
                if (over) {
                    metrics.count(Counter.STREAMS_ABANDONED);
                } else if (under) {
                    taken(stream, nowNanos);
                }
                drop(stream);
            }
            default -> {
                if (under && !heldBefore.test(stream.id)) {
                    metrics.count(Counter.STREAMS_UNHELD);
                }
                drop(stream);
            }
        }
    }

    /**
     * Takes in Tor's answer to {@link Effects#attach}.
     *
     * @param id Tor's number of the stream
     * @param code the reply code
     * @param nowNanos the time
     */
    void answered(long id, int code, long nowNanos) {
        TorStream stream = streams.get(id);
        if (stream == null || stream.state != State.ASKED) {
            return;
        }
        if (code == GIVEN_UP) {
            metrics.count(Counter.ATTACH_FAILED);
        }
        if (code == ATTACHED || code == GIVEN_UP || stream.unsure) {
            settle(stream, nowNanos);
        } else {
            refused(stream, code, nowNanos);
        }
        boolean over = code == NO_SUCH_STREAM || stream.since.stream().map(StreamEvent::status)
                .anyMatch(status -> status == Status.CLOSED || status == Status.SUCCEEDED);
        stream.since.clear();
        stream.unsure = false;
        stream.state = State.ATTACHED;
        if (over) {
            drop(stream);
        }
    }

    /** Tor did not attach it: it is gone, or on its way already. */
    private void refused(TorStream stream, int code, long nowNanos) {
        if (!stream.settled && code == NO_SUCH_STREAM) {
            metrics.count(Counter.STREAMS_ABANDONED);
        } else if (!stream.settled && code == NOT_OURS && stream.plan != null) {
            taken(stream, nowNanos);
        } else if (code != NO_SUCH_STREAM && code != NOT_OURS) {
            metrics.count(Counter.ATTACH_FAILED);
        }
        stream.settled = true;
    }

    /** Accounts for a release, once. */
    private void settle(TorStream stream, long nowNanos) {
        if (stream.settled) {
            return;
        }
        stream.settled = true;
        if (stream.plan == null) {
            if (stream.unheld) {
                metrics.count(Counter.STREAMS_UNHELD);
            }
        } else if (stream.early) {
            metrics.count(Counter.STREAMS_CUT_SHORT);
        } else {
            stream.plan.released(nowNanos - stream.plannedNanos);
            metrics.count(Counter.STREAMS_RELEASED);
            effects.released(stream.plan, stream.id, List.copyOf(stream.since));
        }
    }

    /**
     * Says that no answer to {@link Effects#attach} will come; whether Tor acted is not known.
     *
     * @param id Tor's number of the stream
     */
    void unanswered(long id) {
        TorStream stream = streams.get(id);
        if (stream != null && stream.state == State.ASKED) {
            stream.unsure = true;
        }
    }

    /**
     * Attaches what is due.
     *
     * @param nowNanos the time
     */
    void passed(long nowNanos) {
        for (TorStream first = turns.first(); connected && first != null; first = turns.first()) {
            if (first.dueNanos - nowNanos > 0) {
                effects.wakeAt(first.dueNanos);
                return;
            }
            turns.takeFirst();
            ask(first);
        }
    }

    /**
     * Compares with all the streams that Tor has: after a gap in its events, and at the start.
     *
     * @param all Tor's word for each; one that is not on a circuit shows as NEW or NEWRESOLVE on circuit 0
     * @param nowNanos the time
     */
    void snapshot(List<StreamEvent> all, long nowNanos) {
        if (mode == Mode.IDLE) {
            return;
        }
        Set<Long> there = new HashSet<>();
        for (StreamEvent event : all) {
            there.add(event.streamId());
            TorStream stream = streams.get(event.streamId());
            boolean waits = Rescue.mayWait(event);
            if (stream == null && waits) {
                stream = new TorStream(event.streamId(), event.status() == Status.NEW ? Kind.CONNECT : Kind.RESOLVE);
                streams.put(stream.id, stream);
                stream.unheld = true;
                adopt(stream, nowNanos);
            } else if (stream != null) {
                compare(stream, event, waits, nowNanos);
            }
        }
        streams.values().stream().filter(stream -> !there.contains(stream.id)).toList()
                .forEach(stream -> missing(stream, nowNanos));
        passed(nowNanos);
    }

    private void adopt(TorStream stream, long nowNanos) {
        if (turns.othersFirst()) {
            wait(stream, nowNanos, 0);
        } else {
            ask(stream);
        }
    }

    private void compare(TorStream stream, StreamEvent event, boolean waits, long nowNanos) {
        if (!waits) {
            if (stream.state == State.ASKED && stream.unsure) {
                stream.since.add(event);
                answered(stream.id, ATTACHED, nowNanos);
            } else if (stream.state != State.ASKED) {
                moved(stream, event, nowNanos);
            }
        } else if (stream.unsure || stream.state == State.ARRIVED || stream.state == State.ATTACHED) {
            // It may wait for us, or for a circuit: then Tor says 555, and nothing is lost.
            stream.unsure |= stream.state == State.ATTACHED;
            stream.unheld |= stream.state == State.ARRIVED;
            ask(stream);
        }
    }

    /** A stream that Tor has no longer. */
    private void missing(TorStream stream, long nowNanos) {
        switch (stream.state) {
            case ASKED -> {
                if (stream.unsure) {
                    answered(stream.id, NO_SUCH_STREAM, nowNanos);
                }
            }
            case HELD -> {
                metrics.count(Counter.STREAMS_ABANDONED);
                drop(stream);
            }
            default -> drop(stream);
        }
    }

    private void ask(TorStream stream) {
        unhold(stream);
        stream.state = State.ASKED;
        stream.detached = false;
        effects.attach(stream.id);
    }

    private void drop(TorStream stream) {
        unhold(stream);
        streams.remove(stream.id, stream);
    }

    /** Takes it out of the count; its place among those that are due is cleared when its time comes. */
    private void unhold(TorStream stream) {
        if (stream.state == State.HELD) {
            held--;
            metrics.holdEnded();
            stream.state = State.ARRIVED;
        }
    }
}
