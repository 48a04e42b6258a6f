package org.qtop.proxy.stream;

import java.util.Objects;

/**
 * One {@code CIRC} event of Tor's control port, without the circuit's path. Immutable.
 *
 * <p>Source: Tor control-spec, "Circuit status changed".
 *
 * @param circuitId Tor's number of the circuit, 1 or more; counts from 1 again when Tor restarts
 * @param status what happened
 * @param reason Tor's REASON word, or null
 * @param confluxId Tor's CONFLUX_ID: circuits that share one are legs of one set; null if none
 */
public record CircuitEvent(long circuitId, Status status, String reason, String confluxId) {

    /** What happened to a circuit. Tor may send statuses that are not listed: they become {@link #OTHER}. */
    public enum Status {
        /** Tor began to build it. */
        LAUNCHED,
        /** All hops are there; it waits to see whether a better guard works. */
        GUARD_WAIT,
        /** One more hop. */
        EXTENDED,
        /** It can carry streams. */
        BUILT,
        /** It was never finished. */
        FAILED,
        /** It is over. */
        CLOSED,
        /** A status that this version does not know. */
        OTHER
    }

    /**
     * Checks the fields that everything else leans on.
     *
     * @throws IllegalArgumentException if the identifier is out of range
     */
    public CircuitEvent {
        Objects.requireNonNull(status, "status");
        if (circuitId < 1) {
            throw new IllegalArgumentException("circuit " + circuitId + ": a circuit is 1 or more");
        }
    }

    /**
     * Tells whether the circuit is gone.
     *
     * @return true for FAILED and CLOSED
     */
    public boolean over() {
        return status == Status.FAILED || status == Status.CLOSED;
    }
}
