package org.qtop.proxy.control;

import java.util.Objects;

/**
 * Which Tor answers at the control port, and how it let us in. Immutable.
 *
 * @param version Tor's version as PROTOCOLINFO gives it, such as {@code 0.4.9.11}; empty if Tor did not say
 * @param login how we logged in
 * @param pid Tor's process number as Tor sees it, or -1 if it did not say
 * @param uptimeSeconds for how long that Tor had been running when it was asked, or -1 if it did not say
 * @param askedNanos when it was asked, on the clock of this process ({@code System.nanoTime})
 */
public record TorIdentity(String version, LoginMethod login, long pid, long uptimeSeconds, long askedNanos) {

    /** By how many seconds Tor's uptime may disagree with our clock: Tor counts whole seconds, once a second. */
    static final long UPTIME_SLACK_SECONDS = 3;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Checks that nothing is missing. */
    public TorIdentity {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(login, "login");
    }

    /**
     * Tells whether two answers came from one Tor process, whose stream and circuit numbers therefore go on counting.
     *
     * <p>The process number alone would not do: in a container a new Tor often has the old one's. So its uptime must
     * have grown by the time that passed here. What is not known counts as different, the side on which old numbers are
     * forgotten rather than mistaken for new ones.
     *
     * @param later an identity that was asked for after this one
     * @return true if both are surely the same process
     */
    public boolean sameProcess(TorIdentity later) {
        if (later == null || pid < 0 || pid != later.pid || uptimeSeconds < 0 || later.uptimeSeconds < 0
                || !version.equals(later.version)) {
            return false;
        }
        long passedSeconds = (later.askedNanos - askedNanos) / NANOS_PER_SECOND;
        return Math.abs(later.uptimeSeconds - uptimeSeconds - passedSeconds) <= UPTIME_SLACK_SECONDS;
    }
}
