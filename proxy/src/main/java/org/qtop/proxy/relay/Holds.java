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
     * Begins a stream whose hold is drawn once its identity is known.
     *
     * @param kind what the client asks for
     * @param whenIdentified called once, on any thread, when the identity is final; must not block
     * @return the stream, with its number
     */
    public ProxyStream begin(Kind kind, Runnable whenIdentified) {
        return new ProxyStream(number(), kind, whenIdentified);
    }

    /**
     * Draws the hold of a stream whose identity is known; where it never became known, our number stands in.
     *
     * @param stream identified
     */
    public void plan(ProxyStream stream) {
        long advance = engine.advance(stream.circuit(), stream.torStream() == 0 ? stream.number() : stream.torStream());
        stream.plan(advance, engine.holdNanos(advance));
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
