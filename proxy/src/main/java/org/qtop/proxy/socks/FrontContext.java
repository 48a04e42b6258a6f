package org.qtop.proxy.socks;

import java.util.Optional;
import java.util.function.Supplier;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.connector.Client;
import org.qtop.proxy.connector.Dialler;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.BulkLoops;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.stream.StreamFailure;
import org.qtop.proxy.stream.StreamTable;

/**
 * What every client connection of one proxy shares. Thread-safe as its parts are.
 *
 * @param connector dials Tor
 * @param holds draws holds
 * @param table learns which Tor stream and circuit a stream became
 * @param metrics counts
 * @param refusal why new streams are refused at this moment; empty while they are let in
 * @param maxConnections client connections at once, 1 or more
 * @param http how an HTTP CONNECT reaches Tor
 * @param holdAt where a stream whose request is complete is held
 * @param bulkLoops where released streams go that carry much
 */
public record FrontContext(Dialler connector, Holds holds, StreamTable table, Metrics metrics,
        Supplier<Optional<StreamFailure>> refusal, int maxConnections, TorHttp http, Supplier<HoldAt> holdAt,
        BulkLoops bulkLoops) {

    /**
     * The same for one client, whom Tor is to tell from others.
     *
     * @param client who
     * @return a context whose connections to Tor are that client's own
     */
    FrontContext of(Client client) {
        return new FrontContext(connector.from(client), holds, table, metrics, refusal, maxConnections,
                http.from(client), holdAt, bulkLoops);
    }

    /**
     * The same with another way to Tor.
     *
     * @param other dials Tor
     * @return a context that differs in nothing else
     */
    public FrontContext through(Dialler other) {
        return new FrontContext(other, holds, table, metrics, refusal, maxConnections, http, holdAt, bulkLoops);
    }
}
