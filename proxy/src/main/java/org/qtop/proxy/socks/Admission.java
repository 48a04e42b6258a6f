package org.qtop.proxy.socks;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.qtop.proxy.config.AddressRange;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whose connections are read at all. Thread-safe. */
public final class Admission {

    /** How often the log tells of refusals at most: once a minute. */
    public static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final long NEVER = Long.MIN_VALUE;

    private final List<AddressRange> allowed;
    private final Metrics metrics;
    private final AtomicLong toldNanos = new AtomicLong(NEVER);

    /**
     * Admits this machine and some networks.
     *
     * @param allowed the networks
     * @param metrics where refusals are counted
     */
    public Admission(List<AddressRange> allowed, Metrics metrics) {
        this.allowed = List.copyOf(allowed);
        this.metrics = metrics;
    }

    /**
     * Looks at a new connection; a refusal is counted.
     *
     * @param address where it comes from
     * @param nowNanos the current time, in nanoseconds of any origin
     * @return whether it is to be read
     */
    boolean admits(InetAddress address, long nowNanos) {
        if (address.isLoopbackAddress() || allowed.stream().anyMatch(range -> range.contains(address))) {
            return true;
        }
        metrics.count(Counter.CLIENTS_NOT_ALLOWED);
        long told = toldNanos.get();
        if ((told == NEVER || nowNanos - told >= LOG_NANOS) && toldNanos.compareAndSet(told, nowNanos)) {
            LOG.warn("connections from addresses that --allow does not name are closed unread: {} so far",
                    metrics.value(Counter.CLIENTS_NOT_ALLOWED));
        }
        return false;
    }
}
