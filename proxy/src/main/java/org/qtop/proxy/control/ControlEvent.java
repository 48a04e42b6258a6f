package org.qtop.proxy.control;

import org.qtop.proxy.stream.CircuitEvent;
import org.qtop.proxy.stream.StreamEvent;

/** One event of the control port, typed. Immutable. */
sealed interface ControlEvent {

    /**
     * Tells the observer.
     *
     * @param observer who hears of it
     */
    void tell(ControlObserver observer);

    /**
     * STREAM.
     *
     * @param event what happened
     */
    record OfStream(StreamEvent event) implements ControlEvent {
        @Override
        public void tell(ControlObserver observer) {
            observer.onStream(event);
        }
    }

    /**
     * CIRC.
     *
     * @param event what happened
     */
    record OfCircuit(CircuitEvent event) implements ControlEvent {
        @Override
        public void tell(ControlObserver observer) {
            observer.onCircuit(event);
        }
    }

    /**
     * STATUS_CLIENT with the action BOOTSTRAP.
     *
     * @param percent 0 to 100
     * @param summary Tor's words, possibly empty
     */
    record Bootstrap(int percent, String summary) implements ControlEvent {
        @Override
        public void tell(ControlObserver observer) {
            observer.onBootstrap(percent, summary);
        }
    }

    /**
     * SIGNAL.
     *
     * @param name the signal
     */
    record Signal(String name) implements ControlEvent {
        @Override
        public void tell(ControlObserver observer) {
            observer.onSignal(name);
        }
    }
}
