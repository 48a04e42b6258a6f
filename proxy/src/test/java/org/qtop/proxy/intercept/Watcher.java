package org.qtop.proxy.intercept;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamEvent.Status;

/** Looks on from a control connection of its own: what became of each stream, and when. For tests. */
final class Watcher implements ControlObserver {

    /** One stream's life, in nanoseconds of the system's clock; 0 where it did not come so far. */
    static final class Life {
        volatile long arrived;
        volatile long waited;
        volatile long sent;
        volatile long ended;
        volatile int timesWaited;
        volatile int timesSent;
        volatile int timesDetached;
        volatile boolean succeeded;
    }

    final Map<Long, Life> streams = new ConcurrentHashMap<>();
    /** Tor's number of the stream from each source port. */
    final Map<Integer, Long> byPort = new ConcurrentHashMap<>();
    /** Streams in the order in which Tor got them. */
    final List<Life> order = new CopyOnWriteArrayList<>();
    final List<String> signals = new CopyOnWriteArrayList<>();
    /** By Tor's number, when the first of the readers heard of a stream. */
    private final Map<Long, Long> heard = new ConcurrentHashMap<>();

    /**
     * Listens for new streams on a connection of its own. Tor told of a stream before either reader heard of it, so the
     * one that heard first is nearer to the truth.
     */
    ControlObserver second() {
        return new ControlObserver() {
            @Override
            public void onStream(StreamEvent event) {
                if (isNew(event)) {
                    heard.merge(event.streamId(), System.nanoTime(), Math::min);
                }
            }
        };
    }

    /** When Tor had surely told of the stream, in nanoseconds of the system's clock. */
    long arrived(long id) {
        return heard.get(id);
    }

    private static boolean isNew(StreamEvent event) {
        return event.status() == Status.NEW || event.status() == Status.NEWRESOLVE;
    }

    @Override
    public void onStream(StreamEvent event) {
        if (event.purpose() != null && event.purpose().startsWith("DIR")) {
            return;
        }
        long now = System.nanoTime();
        if (isNew(event)) {
            Life life = new Life();
            life.arrived = now;
            heard.merge(event.streamId(), now, Math::min);
            streams.put(event.streamId(), life);
            order.add(life);
            if (event.source() != null) {
                byPort.put(event.source().getPort(), event.streamId());
            }
            return;
        }
        Life life = streams.get(event.streamId());
        if (life == null) {
            return;
        }
        switch (event.status()) {
            case CONTROLLER_WAIT -> {
                life.waited = now;
                life.timesWaited++;
            }
            case SENTCONNECT, SENTRESOLVE -> {
                life.sent = life.sent == 0 ? now : life.sent;
                life.timesSent++;
            }
            case DETACHED -> life.timesDetached++;
            case SUCCEEDED -> life.succeeded = true;
            case CLOSED -> life.ended = now;
            default -> { }
        }
    }

    @Override
    public void onSignal(String name) {
        signals.add(name);
    }

    /** How many streams Tor has left to a controller so far. */
    long left() {
        return streams.values().stream().filter(life -> life.timesWaited > 0).count();
    }

    /** How many have been sent along a circuit more often than they were taken off one. */
    long sentTwice() {
        return streams.values().stream().filter(life -> life.timesSent > life.timesDetached + 1).count();
    }
}
