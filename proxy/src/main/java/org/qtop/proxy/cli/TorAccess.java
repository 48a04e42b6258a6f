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
 * @param opened what must be closed with it: the control connection, and a Tor or a network that we started
 */
record TorAccess(String what, Supplier<SocketAddress> socks, Optional<TorControl> control,
        Optional<TorIdentity> identity, Closer opened) implements AutoCloseable {

    @Override
    public void close() {
        opened.close();
    }
}
