package org.qtop.proxy.control;

import org.qtop.proxy.stream.CircuitEvent;
import org.qtop.proxy.stream.StreamEvent;

/**
 * Hears what Tor's control port says.
 *
 * <p>All methods are called on one thread, in the order in which Tor spoke, so an implementation needs no lock for what
 * only it touches. They should return soon: while one runs, events wait, and beyond a bound they are dropped and
 * counted. They may call {@link TorControl}, waiting for replies included. What they throw is caught, counted and
 * logged.
 *
 * <p>The first calls may come before {@link TorControl#open} has returned.
 */
public interface ControlObserver {

    /**
     * The control port let us in and sends events from now on.
     *
     * @param identity which Tor it is
     * @param sameTor true if it is surely the process of the last connection, so that its numbers of streams and
     *     circuits go on; events between the two connections were missed either way. False at first and whenever Tor
     *     may have restarted: forget its numbers.
     */
    default void onConnected(TorIdentity identity, boolean sameTor) {
    }

    /**
     * Something happened to a stream.
     *
     * @param event what Tor reported
     */
    default void onStream(StreamEvent event) {
    }

    /**
     * Something happened to a circuit.
     *
     * @param event what Tor reported
     */
    default void onCircuit(CircuitEvent event) {
    }

    /**
     * How far Tor has come in joining the network; also called once after each {@link #onConnected} with the state
     * then.
     *
     * @param percent 0 to 100; 100 means that Tor can carry streams
     * @param summary what Tor is doing, in its words; may be empty
     */
    default void onBootstrap(int percent, String summary) {
    }

    /**
     * Tor acted on a signal, from whatever side.
     *
     * @param name its name as Tor's event gives it, such as {@code RELOAD} or {@code NEWNYM}
     */
    default void onSignal(String name) {
    }

    /**
     * The connection is gone and is being built anew. Called once for each {@link #onConnected}, and not for a
     * connection that {@link TorControl#close} ended.
     *
     * @param reason one line for people
     */
    default void onLost(String reason) {
    }
}
