package org.qtop.proxy.privatenet;

import java.io.IOException;

/**
 * What stands on the way to a relay, such as a long wire: others are told another port than the one it listens on.
 *
 * <p>Called on the thread that boots the network, anew for each attempt at a start.
 */
@FunctionalInterface
public interface RelayLink {

    /** Relays are reached where they listen. */
    RelayLink NONE = (nickname, orPort) -> orPort;

    /**
     * Puts the link before a relay that is about to start.
     *
     * @param nickname the relay's nickname
     * @param orPort the port of 127.0.0.1 on which it will listen
     * @return the port of 127.0.0.1 at which relays and clients are told to reach it
     * @throws IOException if there is no such port
     */
    int before(String nickname, int orPort) throws IOException;
}
