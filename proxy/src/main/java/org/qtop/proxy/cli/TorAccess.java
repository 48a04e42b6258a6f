package org.qtop.proxy.cli;

import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.control.TorIdentity;

/**
 * The Tor that a run goes through.
 *
 * @param what which one it is, for a person
 * @param socks where its SOCKS port is
 * @param control its control port, if there is one
 * @param identity what it said of itself when we logged in, if there is a control port
 * @param owned what must be ended with us: a Tor or a network that we started, or nothing
 */
record TorAccess(String what, Supplier<SocketAddress> socks, Optional<TorControl> control,
        Optional<TorIdentity> identity, AutoCloseable owned) implements AutoCloseable {

    /** Nothing that must be ended. */
    static final AutoCloseable NOT_OURS = () -> { };

    @Override
    public void close() {
        control.ifPresent(TorControl::close);
        try {
            owned.close();
        } catch (Exception e) {
            org.slf4j.LoggerFactory.getLogger(TorAccess.class).error("Tor could not be ended: {}", e.toString());
        }
    }
}
