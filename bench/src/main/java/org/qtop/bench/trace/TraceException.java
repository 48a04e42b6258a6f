package org.qtop.bench.trace;

import java.io.IOException;

/** Tells that a file does not hold what it should; the message says where and what, in one line. Immutable. */
public final class TraceException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong, and where
     */
    public TraceException(String message) {
        super(message);
    }
}
