package org.qtop.proxy.privatenet;

import java.io.IOException;

/**
 * Tells why a tor, or a network of them, could not be started; the message is one line, for a person to read.
 *
 * <p>Immutable.
 */
public final class TorStartException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, for a caller that chooses an exit code or tries again. */
    public enum Reason {
        /** No program to run: not on PATH, or not executable. */
        PROGRAM_MISSING,
        /** The data directory cannot be used, or another qtop uses it. */
        DATA_DIRECTORY,
        /** A port that was asked for is taken by another program. */
        PORT_TAKEN,
        /** The program ended before it was ready. */
        ENDED,
        /** The program runs, but was not ready within the time allowed. */
        NOT_IN_TIME,
        /** It was stopped from this side while it was starting. */
        STOPPED
    }

    private final Reason reason;

    /**
     * Creates the exception.
     *
     * @param reason what went wrong
     * @param message one line that names the thing and, where there is one, the cure
     */
    public TorStartException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * Creates the exception with the failure behind it.
     *
     * @param reason what went wrong
     * @param message one line that names the thing and, where there is one, the cure
     * @param cause the failure behind it
     */
    public TorStartException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Returns what went wrong.
     *
     * @return the reason, never null
     */
    public Reason reason() {
        return reason;
    }
}
