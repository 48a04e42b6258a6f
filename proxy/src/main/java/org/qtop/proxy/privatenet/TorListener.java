package org.qtop.proxy.privatenet;

/**
 * Hears what a {@link TorProcess} says.
 *
 * <p>Called on the thread that reads tor's log, one call at a time and in the log's order: return soon, and do not wait
 * for the same process. An exception is caught and logged.
 */
public interface TorListener {
    /** A listener that does nothing. */
    TorListener NONE = new TorListener() {
    };

    /**
     * Tor has come further with its bootstrap.
     *
     * @param progress how far
     */
    default void bootstrap(TorLogLine.Bootstrap progress) {
    }

    /**
     * Tor has logged a line; called for every line, those of {@link #bootstrap} included.
     *
     * @param line the line; it can name destinations when tor is told to log them, so do not log it unasked
     */
    default void line(TorLogLine line) {
    }

    /**
     * The process is gone; nothing follows.
     *
     * @param exitCode what it ended with, 128 and more after a signal
     */
    default void ended(int exitCode) {
    }
}
