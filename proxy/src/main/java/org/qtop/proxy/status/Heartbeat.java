package org.qtop.proxy.status;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Tells whether event loops still turn: each notes the time once a second. Thread-safe. */
public final class Heartbeat {

    /** How long a loop may be silent: 10 s, far beyond any pause of a machine that works. */
    public static final long LONGEST_SILENCE_NANOS = 10_000_000_000L;

    private static final long PERIOD_SECONDS = 1;

    private final LongSupplier nanoClock;
    private final List<AtomicLong> beats = new ArrayList<>();

    /**
     * Begins to listen.
     *
     * @param loops the event loops
     * @param nanoClock the time in nanoseconds, of any origin
     */
    public Heartbeat(Iterable<? extends EventExecutor> loops, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        for (EventExecutor loop : loops) {
            AtomicLong beat = new AtomicLong(nanoClock.getAsLong());
            beats.add(beat);
            loop.scheduleAtFixedRate(() -> beat.set(nanoClock.getAsLong()), PERIOD_SECONDS, PERIOD_SECONDS,
                    TimeUnit.SECONDS);
        }
    }

    /**
     * Tells whether every loop was heard lately.
     *
     * @return false if one was silent for {@link #LONGEST_SILENCE_NANOS}
     */
    public boolean alive() {
        long now = nanoClock.getAsLong();
        return beats.stream().allMatch(beat -> now - beat.get() < LONGEST_SILENCE_NANOS);
    }
}
