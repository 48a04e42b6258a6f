package org.qtop.proxy.status;

import java.util.Objects;

/**
 * The Tor that a run goes through, at one moment. Immutable.
 *
 * @param what which one it is, for a person
 * @param version Tor's version, possibly empty
 * @param login how we logged in, possibly empty
 * @param control whether there is a control port, and whether it is there at this moment
 * @param trouble why the control port is away, possibly empty
 * @param bootstrapPercent 0 to 100, or -1 if Tor has not told
 */
public record TorState(String what, String version, String login, Control control, String trouble,
        int bootstrapPercent) {

    /** What can be said of a control port. */
    public enum Control {
        /** It is there. */
        CONNECTED,
        /** It was there, and is being looked for. */
        LOST,
        /** None is used. */
        NONE
    }

    /** Checks that nothing is missing. */
    public TorState {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(control, "control");
        Objects.requireNonNull(trouble, "trouble");
    }

    /**
     * Tells whether new streams can be expected to get through, as far as Tor says.
     *
     * @return false while the control port is lost or Tor has not finished its bootstrap
     */
    public boolean ready() {
        return control == Control.NONE
                || control == Control.CONNECTED && (bootstrapPercent < 0 || bootstrapPercent == 100);
    }
}
