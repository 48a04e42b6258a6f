package org.qtop.proxy.stream;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * One {@code STREAM} event of Tor's control port, without its target and login. Immutable.
 *
 * <p>Source: Tor control-spec, "Stream status changed".
 *
 * @param streamId Tor's number of the stream, 1 or more; counts from 1 again when Tor restarts
 * @param status what happened
 * @param circuitId Tor's number of the circuit that carries the stream, 0 while there is none
 * @param source the client's address and port as Tor saw them, or null: Tor sends it with NEW and NEWRESOLVE only, and
 *     not for a client on a Unix socket
 * @param reason Tor's REASON word, or null
 * @param remoteReason Tor's REMOTE_REASON word, or null
 * @param purpose Tor's PURPOSE word ({@code USER}, {@code DIR_FETCH}, ...), or null
 */
public record StreamEvent(long streamId, Status status, long circuitId, InetSocketAddress source, String reason,
        String remoteReason, String purpose) {

    /** What happened to a stream. Tor may send statuses that are not listed: they become {@link #OTHER}. */
    public enum Status {
        /** A client asked for a connection. */
        NEW,
        /** A client asked for a resolution. */
        NEWRESOLVE,
        /** Tor replaced the target's address. */
        REMAP,
        /** BEGIN was sent along a circuit. */
        SENTCONNECT,
        /** RESOLVE was sent along a circuit. */
        SENTRESOLVE,
        /** The far end answered: the stream is open. */
        SUCCEEDED,
        /** The stream failed and will not be tried again. */
        FAILED,
        /** The stream is over. */
        CLOSED,
        /** The stream left its circuit and will be tried on another. */
        DETACHED,
        /** The stream waits for a controller to attach it. */
        CONTROLLER_WAIT,
        /** Flow control: we were told to stop sending. */
        XOFF_SENT,
        /** Flow control: the far end told us to stop. */
        XOFF_RECV,
        /** Flow control: sending goes on. */
        XON_SENT,
        /** Flow control: the far end lets us go on. */
        XON_RECV,
        /** A status that this version does not know. */
        OTHER
    }

    /**
     * Checks the fields that everything else leans on.
     *
     * @throws IllegalArgumentException if an identifier is out of range
     */
    public StreamEvent {
        Objects.requireNonNull(status, "status");
        if (streamId < 1 || circuitId < 0) {
            throw new IllegalArgumentException("stream " + streamId + ", circuit " + circuitId
                    + ": a stream is 1 or more, a circuit 0 or more");
        }
    }
}
