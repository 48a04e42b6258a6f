package org.qtop.proxy.socks;

import java.util.function.BooleanSupplier;
import org.qtop.proxy.connector.Dialler;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.stream.StreamTable;

/**
 * What every client connection of one proxy shares. Thread-safe as its parts are.
 *
 * @param connector dials Tor
 * @param holds draws holds
 * @param table learns which Tor stream and circuit a stream became
 * @param metrics counts
 * @param mayOpen whether new streams are let in; false only while the control port is lost and streams must not go
 *     without it
 * @param maxConnections client connections at once, 1 or more
 */
public record FrontContext(Dialler connector, Holds holds, StreamTable table, Metrics metrics,
        BooleanSupplier mayOpen, int maxConnections) {
}
