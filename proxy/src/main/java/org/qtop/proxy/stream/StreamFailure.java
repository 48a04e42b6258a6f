package org.qtop.proxy.stream;

import org.qtop.proxy.metrics.Counter;

/**
 * The ways a stream can fail here, before Tor has had a say. Each has one reply code and one counter.
 *
 * <p>Reply codes are RFC 1928's, as Tor would choose them; failures of Tor's own come back from Tor unchanged and are
 * not listed.
 */
public enum StreamFailure {
    /** Tor's SOCKS port does not answer: what Tor says when it has no network. */
    TOR_UNREACHABLE(0x03, Counter.TOR_UNREACHABLE, "Tor's SOCKS port does not answer; is Tor running?"),
    /** The system gives no socket to dial Tor with, as when all files allowed are open: a general failure. */
    NO_SOCKET_LEFT(0x01, Counter.SOCKETS_MISSING, "no socket could be opened; qtop doctor tells how many are allowed"),
    /** As many streams as allowed are open: a general failure. */
    OVER_LIMIT(0x01, Counter.CONNECTIONS_OVER_LIMIT, "the limit of --max-streams is reached"),
    /** No address is left that would keep a further client apart from the others: a general failure. */
    NO_ADDRESS_LEFT(0x01, Counter.CLIENT_ADDRESSES_FULL, "no loopback address is left to keep a new client apart"),
    /** The control port is lost and streams must not go without: connection not allowed by ruleset. */
    CONTROL_MISSING(0x02, Counter.CONTROL_MISSING, "the control port is lost and --without-control is refuse"),
    /** A release was rejected and no more must follow: connection not allowed by ruleset. */
    VIOLATION_SEEN(0x02, Counter.STREAMS_BARRED, "the verifier rejected a release and --on-violation is refuse"),
    /** The request did not come in time. */
    HANDSHAKE_TIMED_OUT(0x01, Counter.HANDSHAKES_TIMED_OUT, "the request did not come in time"),
    /** A fault of our own. */
    INTERNAL(0x01, Counter.INTERNAL_ERRORS, "a fault of qtop's own");

    private final int replyCode;
    private final Counter counter;
    private final String reason;

    StreamFailure(int replyCode, Counter counter, String reason) {
        this.replyCode = replyCode;
        this.counter = counter;
        this.reason = reason;
    }

    /**
     * Why Tor could not be dialled.
     *
     * @param cause what the dial failed with
     * @return the failure that it names, or {@link #TOR_UNREACHABLE}
     */
    public static StreamFailure ofDial(Throwable cause) {
        return cause instanceof StreamException known ? known.failure() : TOR_UNREACHABLE;
    }

    /**
     * What the client is told.
     *
     * @return a SOCKS5 reply code (RFC 1928, section 6)
     */
    public int replyCode() {
        return replyCode;
    }

    /**
     * What is counted.
     *
     * @return the counter
     */
    public Counter counter() {
        return counter;
    }

    /**
     * Why, for a log line.
     *
     * @return a few words, without destination or login
     */
    public String reason() {
        return reason;
    }
}
