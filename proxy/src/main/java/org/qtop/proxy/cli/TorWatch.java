package org.qtop.proxy.cli;

import org.qtop.proxy.audit.Audit;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.TorIdentity;
import org.qtop.proxy.intercept.Interceptor;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.stream.CircuitEvent;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what Tor's control port says to the stream table, by way of the interceptor, and to the audit. Called on one
 * thread.
 */
final class TorWatch implements ControlObserver {

    private static final Logger LOG = LoggerFactory.getLogger(TorWatch.class);

    private final StreamTable table;
    private final Audit audit;
    private final Metrics metrics;
    private final Interceptor interceptor;
    private volatile boolean present;
    private volatile int bootstrapPercent = -1;
    private volatile Runnable whenBack = () -> { };
    private boolean lostBefore;

    TorWatch(StreamTable table, Audit audit, Metrics metrics, Interceptor interceptor) {
        this.table = table;
        this.audit = audit;
        this.metrics = metrics;
        this.interceptor = interceptor;
    }

    @Override
    public void onConnected(TorIdentity identity, boolean sameTor) {
        if (!sameTor) {
            audit.allCircuitsOver();
        }
        table.connected();
        interceptor.onConnected(identity, sameTor);
        present = true;
        if (lostBefore) {
            LOG.info("the control port is back: Tor {}{}", identity.version(), sameTor ? "" : ", restarted");
            whenBack.run();
        }
    }

    /** What to do each time the control port is back after a loss; it may ask the control port. */
    void whenBack(Runnable task) {
        whenBack = task;
    }

    @Override
    public void onStream(StreamEvent event) {
        interceptor.onStream(event);
    }

    @Override
    public void onCircuit(CircuitEvent event) {
        if (event.over()) {
            audit.circuitOver(event.circuitId());
        }
    }

    @Override
    public void onSignal(String name) {
        interceptor.onSignal(name);
    }

    @Override
    public void onLost(String reason) {
        present = false;
        lostBefore = true;
        metrics.count(Counter.CONTROL_LOST);
        table.disconnected();
        interceptor.onLost(reason);
        LOG.warn("the control port is lost ({}); streams get stand-in identifiers until it is back", reason);
    }

    @Override
    public void onBootstrap(int percent, String summary) {
        bootstrapPercent = percent;
    }

    /** How far Tor has joined the network, or -1 if it has not told. */
    int bootstrapPercent() {
        return bootstrapPercent;
    }

    /** Tells whether the control port is there at this moment. */
    boolean present() {
        return present;
    }
}
