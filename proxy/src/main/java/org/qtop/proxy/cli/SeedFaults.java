package org.qtop.proxy.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.engine.seed.SourceFault;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs each fault of a seed source, one line for one reason, and says when it should be tried again.
 * Thread-safe.
 */
final class SeedFaults implements Consumer<SourceFault> {

    private static final Logger LOG = LoggerFactory.getLogger(SeedFaults.class);
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_DOUBLINGS = 6;

    private record Trouble(String reason, long dueNanos) {
    }

    private final Metrics metrics;
    private final LongSupplier nanoClock;
    private final DoubleSupplier random;
    private final Map<String, Trouble> troubles = new HashMap<>();

    /**
     * Knows of no fault yet.
     *
     * @param nanoClock the current time in nanoseconds of any origin
     * @param random uniform in [0, 1)
     */
    SeedFaults(Metrics metrics, LongSupplier nanoClock, DoubleSupplier random) {
        this.metrics = metrics;
        this.nanoClock = nanoClock;
        this.random = random;
    }

    @Override
    public synchronized void accept(SourceFault fault) {
        metrics.count(Counter.SEED_SOURCE_FAULTS);
        long ceiling = SHORTEST_PAUSE_NANOS << Math.min(fault.times() - 1, MOST_DOUBLINGS);
        long pause = ceiling - (long) (ceiling / 2 * random.getAsDouble());
        Trouble before = troubles.put(fault.origin(), new Trouble(fault.reason(), nanoClock.getAsLong() + pause));
        if (before == null || !sameKind(before.reason(), fault.reason())) {
            LOG.warn("seed source {} is set aside: {}. Seeds are made without it meanwhile", fault.origin(),
                    fault.reason());
        } else {
            LOG.debug("seed source {} failed again, {} times in a row", fault.origin(), fault.times());
        }
    }

    /** Times and counts differ each time; what is wrong is the same. */
    private static boolean sameKind(String reason, String other) {
        return reason.replaceAll("\\d+", "0").equals(other.replaceAll("\\d+", "0"));
    }

    /**
     * Notes which sources came back, and finds one that should be tried again.
     *
     * @param account the cache's account at this moment
     * @param order the sources' names in the order of their use
     * @return the first whose pause is over, if none before it is in use
     */
    synchronized Optional<String> due(SeedAccount account, List<String> order) {
        List<String> aside = account.setAside().stream().map(SourceFault::origin).toList();
        for (String back : troubles.keySet().stream().filter(name -> !aside.contains(name))
                .collect(Collectors.toSet())) {
            troubles.remove(back);
            LOG.info("seed source {} is back", back);
        }
        for (String name : order) {
            if (name.equals(account.lastReseedOrigin())) {
                return Optional.empty();
            }
            Trouble trouble = troubles.get(name);
            if (trouble != null && nanoClock.getAsLong() - trouble.dueNanos() >= 0) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }
}
