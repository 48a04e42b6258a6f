package org.qtop.proxy.intercept;

import java.util.Objects;

/** Says why streams cannot be held in Tor, in one line for people, without destination or login. */
public final class InterceptException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What went wrong, for callers that must choose what to do. */
    public enum Kind {
        /** Tor, or a filter in front of its control port, does not let us steer streams. */
        FORBIDDEN,
        /** There is no connection to Tor's control port, or it did not answer. */
        LOST
    }

    private final Kind kind;

    InterceptException(Kind kind, String message, Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    /**
     * What went wrong.
     *
     * @return never null
     */
    public Kind kind() {
        return kind;
    }
}
