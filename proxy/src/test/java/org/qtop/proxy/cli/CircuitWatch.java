package org.qtop.proxy.cli;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.ControlSettings;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.privatenet.NetworkClient;
import org.qtop.proxy.stream.CircuitEvent;
import org.qtop.proxy.stream.StreamEvent;

/**
 * Tells whether Tor itself had a reason to move a client to another circuit: it lost the old one, or the stream failed
 * there and was tried anew. It hears of that on a control connection that has nothing to do with qtop's. For tests.
 */
final class CircuitWatch implements AutoCloseable {

    private final Events events = new Events();
    private final TorControl control;

    private CircuitWatch(NetworkClient tor) throws ControlException {
        control = TorControl.open(ControlSettings.at(tor.control()), events);
    }

    /** Watches a Tor that lets anybody in, from now on. */
    static CircuitWatch of(NetworkClient tor) throws ControlException {
        return new CircuitWatch(tor);
    }

    /** What was known when a stream had succeeded. */
    private record Success(boolean detached, Set<Long> over) {
    }

    private static final class Events implements ControlObserver {
        private final Map<Long, Success> successes = new ConcurrentHashMap<>();
        private final Set<Long> detached = new HashSet<>();
        private final Set<Long> over = new HashSet<>();

        @Override
        public void onStream(StreamEvent event) {
            if (event.status() == StreamEvent.Status.DETACHED) {
                detached.add(event.streamId());
            } else if (event.status() == StreamEvent.Status.SUCCEEDED) {
                successes.put(event.streamId(), new Success(detached.contains(event.streamId()), Set.copyOf(over)));
            }
        }

        @Override
        public void onCircuit(CircuitEvent event) {
            if (event.over()) {
                over.add(event.circuitId());
            }
        }
    }

    /**
     * Whether Tor had to carry a stream on a circuit that is none of those which its client rode before: all of them
     * were over by then, or the stream was detached from one. Waits for the word of the stream's success.
     */
    boolean hadToMove(long stream, Set<Long> ridden) throws Exception {
        Waiting.until(Waiting.LONG, "Tor's word of stream " + stream, () -> events.successes.containsKey(stream));
        Success success = events.successes.get(stream);
        return success.detached() || success.over().containsAll(ridden);
    }

    @Override
    public void close() {
        control.close();
    }
}
