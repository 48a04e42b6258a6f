package org.qtop.proxy.seedsource;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.DoubleSupplier;
import org.qtop.proxy.seedsource.ServiceFault.Kind;

/** How long a service is left alone after it failed. Confined to one thread at a time. */
final class Rest {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'")
            .withZone(ZoneOffset.UTC);
    /** The first pause after a fault that may pass by itself. */
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    /** The first pause after a refused key or a reached limit that names no time: neither passes soon. */
    private static final Duration SHORTEST_OF_REFUSALS = Duration.ofHours(1);
    /** No pause is longer, whatever a service asks for. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private final InstantSource clock;
    private final DoubleSupplier random;
    private int failures;
    private Instant until = Instant.MIN;
    private String reason;

    /**
     * Rests not.
     *
     * @param random uniform in [0, 1)
     */
    Rest(InstantSource clock, DoubleSupplier random) {
        this.clock = clock;
        this.random = random;
    }

    /** Throws the last reason again while the service is left alone. */
    void check() throws ServiceFault {
        if (clock.instant().isBefore(until)) {
            throw new ServiceFault(Kind.UNREACHABLE, reason);
        }
    }

    /** The service answered. */
    void over() {
        failures = 0;
    }

    /** The service failed: gives the fault to be thrown, which says when it is asked again. */
    ServiceFault begin(ServiceFault fault, Instant renewedAt) {
        failures++;
        Instant now = clock.instant();
        until = fault.kind() == Kind.DAY_USED_UP ? renewedAt : now.plus(pause(fault));
        reason = fault.getMessage() + "; asked again after " + TIME.format(until);
        return new ServiceFault(fault.kind(), reason);
    }

    private Duration pause(ServiceFault fault) {
        if (fault.pause() != null) {
            return bounded(fault.pause(), Duration.ofSeconds(1));
        }
        Duration first = fault.kind() == Kind.KEY_REFUSED || fault.kind() == Kind.LIMIT_REACHED
                ? SHORTEST_OF_REFUSALS : SHORTEST;
        Duration ceiling = bounded(first.multipliedBy(1L << Math.min(failures - 1, 11)), first);
        return ceiling.minusMillis((long) (ceiling.toMillis() / 2 * random.getAsDouble()));
    }

    private static Duration bounded(Duration pause, Duration least) {
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause.compareTo(least) < 0 ? least : pause;
    }
}
