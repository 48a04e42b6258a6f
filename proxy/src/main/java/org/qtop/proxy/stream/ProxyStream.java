package org.qtop.proxy.stream;

import java.net.InetSocketAddress;

/**
 * One application connection and what is known of its identity inside Tor.
 *
 * <p>What the client asked for and how it was held is written once, by the stream's event loop, before the stream
 * enters the {@link StreamTable}, or before it is {@linkplain StreamTable#report reported} if its hold comes after its
 * identity; what Tor says of it is written by the table alone, under its lock.
 */
public final class ProxyStream {

    private final long number;
    private final Kind kind;
    private long advance;
    private long holdNanos;
    private long latenessNanos;

    InetSocketAddress source;
    long torStream;
    long circuit;
    boolean identified;
    boolean waiting;
    boolean entered;
    Runnable whenIdentified;
    long deadlineNanos;

    /**
     * A stream whose request is complete.
     *
     * @param number our number for it, 1 or more, never used twice in a run
     * @param kind what the client asks for
     * @param advance the advance drawn for it, an unsigned 64-bit fraction of one turn
     * @param holdNanos its hold in nanoseconds, 0 or more
     */
    public ProxyStream(long number, Kind kind, long advance, long holdNanos) {
        this.number = number;
        this.kind = kind;
        this.advance = advance;
        this.holdNanos = holdNanos;
    }

    /**
     * A stream whose hold is drawn once its identity is known.
     *
     * @param number our number for it, 1 or more, never used twice in a run
     * @param kind what the client asks for
     * @param whenIdentified called instead of the account, once, when its identity is final; must not block
     */
    public ProxyStream(long number, Kind kind, Runnable whenIdentified) {
        this(number, kind, 0, 0);
        this.whenIdentified = whenIdentified;
    }

    /**
     * Draws the hold of a stream whose identity is known, before its release.
     *
     * @param drawn the advance drawn for it, an unsigned 64-bit fraction of one turn
     * @param nanos its hold in nanoseconds, 0 or more
     */
    public void plan(long drawn, long nanos) {
        advance = drawn;
        holdNanos = nanos;
    }

    /**
     * Notes that the hold is over.
     *
     * @param lateness actual less planned release, in nanoseconds
     */
    public void released(long lateness) {
        latenessNanos = lateness;
    }

    /**
     * Our number for it.
     *
     * @return 1 or more
     */
    public long number() {
        return number;
    }

    /**
     * What the client asks for.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * The advance drawn for it.
     *
     * @return an unsigned 64-bit fraction of one turn
     */
    public long advance() {
        return advance;
    }

    /**
     * Its hold.
     *
     * @return nanoseconds, 0 or more
     */
    public long holdNanos() {
        return holdNanos;
    }

    /**
     * Actual less planned release.
     *
     * @return nanoseconds
     */
    public long latenessNanos() {
        return latenessNanos;
    }

    /**
     * Tor's number of the stream.
     *
     * @return 1 or more, or 0 if it never became known; final once the table has reported it
     */
    public long torStream() {
        return torStream;
    }

    /**
     * Tor's number of the circuit.
     *
     * @return 1 or more, or 0 if there was none or it never became known; final once the table has reported it
     */
    public long circuit() {
        return circuit;
    }

    @Override
    public String toString() {
        return "stream " + number;
    }
}
