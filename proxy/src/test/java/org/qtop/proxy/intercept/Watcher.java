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

    @Override
    public void onStream(StreamEvent event) {
        if (event.purpose() != null && event.purpose().startsWith("DIR")) {
            return;
        }
        long now = System.nanoTime();
        if (event.status() == Status.NEW || event.status() == Status.NEWRESOLVE) {
            Life life = new Life();
            life.arrived = now;
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
