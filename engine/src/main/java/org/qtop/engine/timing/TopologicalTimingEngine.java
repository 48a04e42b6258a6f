package org.qtop.engine.timing;

import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.qtop.engine.seed.QuantumCache;

/**
 * Computes holds and keeps each circuit's path round the circle. Thread-safe.
 *
 * <p>For a stream {@code s} with a fresh seed {@code r} and a circuit {@code c}, 0 while it is not known:
 *
 * <pre>
 * a    = r + mix(c, s)            modulo 2^64: the advance, uniform because r is
 * hold = quantile(a / 2^64)       of the law in force
 * p'   = p + a                    modulo 2^64, when the circuit is known
 * W'   = W + (p' &lt; p ? 1 : 0)     read as unsigned numbers
 * </pre>
 *
 * <p>So exactly, in integers, the sum of a circuit's advances is {@code W * 2^64 + (p_n - p_0)}. One who knows the
 * circuit at once calls {@link #computeDelay}; one who learns it later calls {@link #advance} and {@link #holdNanos}
 * first and {@link #bind} then. The host should give {@link #close} the circuits that Tor reports closed or failed.
 */
public final class TopologicalTimingEngine {

    /** Circuits whose paths are kept unless told otherwise. */
    public static final int DEFAULT_MAX_CIRCUITS = 100_000;
    /** The circuit that stands in where the real one is not known. */
    public static final long UNKNOWN_CIRCUIT = 0;

    private static final double NANOS_PER_MILLI = 1e6;

    private final LongSupplier seeds;
    private final HoldLaw law;
    private final double windingQuantum;
    /** Guards itself. */
    private final PathTable paths;
    /** Guarded by {@code paths}. */
    private final Binding scratch = new Binding();

    /**
     * Makes an engine with uniform holds, under the seed documents' parameters.
     *
     * @param cache where seeds come from
     * @param windingQuantum the angle that one turn stands for wherever phases are shown, above 0; usually 2 pi
     * @param minDelayMillis shortest hold in milliseconds, 0 to 60000
     * @param maxDelayMillis longest hold in milliseconds, {@code minDelayMillis} to 60000
     * @throws IllegalArgumentException if a value is out of range
     */
    public TopologicalTimingEngine(QuantumCache cache, double windingQuantum, double minDelayMillis,
            double maxDelayMillis) {
        this(cache::nextSeed, HoldLaw.uniform(nanos(minDelayMillis), nanos(maxDelayMillis)), windingQuantum,
                DEFAULT_MAX_CIRCUITS);
    }

    /**
     * Makes an engine.
     *
     * @param seeds gives a fresh uniform seed of 64 bits at each call; thread-safe
     * @param law the distribution of holds
     * @param windingQuantum the angle that one turn stands for wherever phases are shown, above 0; usually 2 pi
     * @param maxCircuits paths to keep at most, 1 or more; beyond it the least recently bound is dropped
     * @throws IllegalArgumentException if a value is out of range
     */
    public TopologicalTimingEngine(LongSupplier seeds, HoldLaw law, double windingQuantum, int maxCircuits) {
        if (!(windingQuantum > 0 && windingQuantum < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("winding quantum " + windingQuantum + ": above 0, in radians");
        }
        if (maxCircuits < 1) {
            throw new IllegalArgumentException("paths to keep " + maxCircuits + ": 1 or more");
        }
        this.seeds = Objects.requireNonNull(seeds, "seeds");
        this.law = Objects.requireNonNull(law, "law");
        this.windingQuantum = windingQuantum;
        this.paths = new PathTable(maxCircuits);
    }

    private static long nanos(double millis) {
        if (!(millis >= 0 && millis * NANOS_PER_MILLI <= HoldLaw.LONGEST_NANOS)) {
            throw new IllegalArgumentException("hold of " + millis + " ms: 0 to 60000");
        }
        return Math.round(millis * NANOS_PER_MILLI);
    }

    /**
     * Gives the distribution of holds.
     *
     * @return the law
     */
    public HoldLaw law() {
        return law;
    }

    /**
     * Draws one seed and makes an advance of it.
     *
     * @param circuit Tor's number of the circuit, or {@link #UNKNOWN_CIRCUIT}
     * @param stream any number of the stream's own
     * @return the advance, an unsigned 64-bit fraction of one turn
     */
    public long advance(long circuit, long stream) {
        return seeds.getAsLong() + Mixer.mix(circuit, stream);
    }

    /**
     * Gives the hold that belongs to an advance.
     *
     * @param advance an unsigned 64-bit fraction of one turn
     * @return nanoseconds, within the law's range
     */
    public long holdNanos(long advance) {
        return law.quantile(advance);
    }

    /**
     * Plans and binds in one: draws a seed, moves the circuit's path, gives the hold.
     *
     * @param circuit Tor's number of the circuit, or {@link #UNKNOWN_CIRCUIT}
     * @param stream any number of the stream's own
     * @return the hold in nanoseconds, within the law's range
     */
    public long computeDelay(long circuit, long stream) {
        long advance = advance(circuit, stream);
        synchronized (paths) {
            paths.bind(circuit, advance, scratch);
        }
        return law.quantile(advance);
    }

    /**
     * Binds an advance to a circuit's path; begins the path if there is none. Allocates nothing for a circuit that is
     * known.
     *
     * @param circuit Tor's number of the circuit, or {@link #UNKNOWN_CIRCUIT}
     * @param advance what {@link #advance} gave, bound once
     * @param out told where the path was and where it is
     */
    public void bind(long circuit, long advance, Binding out) {
        synchronized (paths) {
            paths.bind(circuit, advance, out);
        }
    }

    /**
     * Ends a circuit's path and forgets it.
     *
     * @param circuit Tor's number of the circuit
     * @return the path as it was, or null if none is kept
     */
    public CircuitPath close(long circuit) {
        synchronized (paths) {
            return paths.remove(circuit);
        }
    }

    /** Forgets every path, as when Tor restarts and counts its circuits from 1 again. */
    public void closeAll() {
        synchronized (paths) {
            paths.clear();
        }
    }

    /**
     * Looks at one path.
     *
     * @param circuit Tor's number of the circuit
     * @return its path, or null if none is kept
     */
    public CircuitPath path(long circuit) {
        synchronized (paths) {
            return paths.get(circuit);
        }
    }

    /**
     * Looks at all paths.
     *
     * @return them, the least recently bound first
     */
    public List<CircuitPath> paths() {
        synchronized (paths) {
            return paths.all();
        }
    }

    /**
     * Counts the paths kept.
     *
     * @return 0 to the bound
     */
    public int circuits() {
        synchronized (paths) {
            return paths.size();
        }
    }

    /**
     * Counts the paths dropped to stay within the bound.
     *
     * @return 0 or more
     */
    public long evicted() {
        synchronized (paths) {
            return paths.evicted();
        }
    }

    /**
     * Gives the angle that one turn stands for wherever phases are shown.
     *
     * @return radians
     */
    public double windingQuantum() {
        return windingQuantum;
    }
}
