package org.qtop.proxy.seedsource;

import java.net.SocketAddress;
import java.util.function.Supplier;

/** A source that must be told where Tor is before it can be read. */
public interface ThroughTor {

    /**
     * Tells where Tor's SOCKS port is.
     *
     * @param socks asked at each connection
     */
    void through(Supplier<SocketAddress> socks);
}
