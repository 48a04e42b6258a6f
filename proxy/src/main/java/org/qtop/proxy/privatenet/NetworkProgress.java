package org.qtop.proxy.privatenet;

/**
 * Hears how far the start of a {@link PrivateNetwork} has come.
 *
 * <p>Called on the thread that starts the network and on those that read tors' logs, one call at a time: return soon.
 */
@FunctionalInterface
public interface NetworkProgress {
    /** Nobody listens. */
    NetworkProgress NONE = (step, percent, detail) -> { };

    /** The steps of a start, in their order. */
    enum Step {
        /** The authorities' keys and certificates are made; skipped over when this JVM has made them before. */
        CERTIFICATES,
        /** The authorities are started. */
        AUTHORITIES,
        /** The exits are started. */
        RELAYS,
        /** The authorities vote, until each has a consensus that lists every exit. */
        CONSENSUS,
        /** The client fetches the directory and builds its first circuit. */
        CLIENT
    }

    /**
     * A step has begun, gone further or ended.
     *
     * @param step which
     * @param percent how much of the step is done, 0 to 100; of {@link Step#CLIENT} tor's own figure
     * @param detail a few words for a person
     */
    void at(Step step, int percent, String detail);
}
