package org.qtop.proxy.relay;

import java.util.concurrent.atomic.AtomicLong;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.ProxyStream;

/** Numbers streams and draws their holds. Thread-safe. */
public final class Holds {

    /** The circuit of a stream that has none yet. */
    private static final long NO_CIRCUIT = 0;

    private final TopologicalTimingEngine engine;
    private final AtomicLong numbers = new AtomicLong();

    /**
     * Holds from an engine.
     *
     * @param engine where advances come from
     */
    public Holds(TopologicalTimingEngine engine) {
        this.engine = engine;
    }

    /**
     * Gives the next number of a stream.
     *
     * @return 1 or more, never the same twice
     */
    public long number() {
        return numbers.incrementAndGet();
    }

    /**
     * Plans the hold of a stream whose request is complete.
     *
     * @param kind what the client asks for
     * @return the stream, with its number, advance and hold
     */
    public ProxyStream plan(Kind kind) {
        long number = number();
        long advance = engine.advance(NO_CIRCUIT, number);
        return new ProxyStream(number, kind, advance, engine.holdNanos(advance));
    }
}
