package org.qtop.proxy.intercept;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells from what is seen now and then whether the controller that a Tor leaves its streams to is gone. Without clock
 * or thread; confined to one thread. Times are nanoseconds of any origin and are compared by subtraction.
 *
 * <p>One that is alive has a control connection, unless it has just lost it, and attaches every stream within the
 * longest hold. Nothing else tells the two apart: that nothing waits, or that the same streams wait twice, is so with a
 * live one as well.
 */
final class Absence {

    /** How long nobody else may be connected before a controller counts as gone: 0.9 s. A cut is mended in 0.1 s. */
    static final long ALONE_NANOS = 900_000_000L;
    /** How long a stream may wait before somebody else may ask for it: 65 s; the longest hold is 60 s. */
    static final long LONGEST_WAIT_NANOS = 65_000_000_000L;

    private final Map<Long, Long> sinceNanos = new HashMap<>();
    private boolean alone;
    private long aloneSinceNanos;

    /**
     * Takes in who is connected.
     *
     * @param company seen now
     * @param nowNanos the time
     * @return whether the controller is gone
     */
    boolean gone(Company company, long nowNanos) {
        boolean before = alone;
        alone = company == Company.ALONE;
        if (alone && !before) {
            aloneSinceNanos = nowNanos;
        }
        return alone && nowNanos - aloneSinceNanos >= ALONE_NANOS;
    }

    /**
     * Takes in which streams wait, for a controller or for a circuit.
     *
     * @param waiting Tor's numbers of them
     * @param nowNanos the time
     * @return one that has waited for longer than anybody holds it, once
     */
    Optional<Long> overdue(Collection<Long> waiting, long nowNanos) {
        sinceNanos.keySet().retainAll(waiting);
        waiting.forEach(stream -> sinceNanos.putIfAbsent(stream, nowNanos));
        Optional<Long> overdue = sinceNanos.entrySet().stream()
                .filter(entry -> nowNanos - entry.getValue() >= LONGEST_WAIT_NANOS).map(Map.Entry::getKey).findFirst();
        // If Tor says that this one does not wait for a controller, it is asked about again after as long a time.
        overdue.ifPresent(stream -> sinceNanos.put(stream, nowNanos));
        return overdue;
    }

    /** Forgets what was seen: it may have been another Tor. */
    void forget() {
        alone = false;
        sinceNanos.clear();
    }
}
