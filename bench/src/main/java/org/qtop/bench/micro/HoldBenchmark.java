package org.qtop.bench.micro;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.timing.Binding;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;

/** A hold planned and bound, with its seed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(5)
@Warmup(iterations = 10, batchSize = HoldBenchmark.BATCH)
@Measurement(iterations = 10, batchSize = HoldBenchmark.BATCH)
@OperationsPerInvocation(HoldBenchmark.BATCH)
@Meaning(value = "One operation draws a seed, plans the hold and binds it to one of 1,000 circuits in turn; the "
        + "baseline is an atomic increment in the same loop. The limit is 100 ns, without allocation (-prof gc).",
        baseline = "increment")
public class HoldBenchmark {

    /** Operations timed together. A fork takes less than half the cache, so that it does not refill. */
    static final int BATCH = 240_000;

    private static final int CIRCUITS = 1_000;
    private static final long MIN_NANOS = 100_000;
    private static final long MAX_NANOS = 10_000_000;
    private static final long MEAN_NANOS = 2_500_000;

    private final AtomicLong counter = new AtomicLong();
    private final Binding binding = new Binding();
    private QuantumCache seeds;
    private TopologicalTimingEngine uniform;
    private TopologicalTimingEngine exponential;
    private long stream;

    /** Makes engines on a full cache. */
    @Setup
    public void open() {
        seeds = new QuantumCache(QuantumCache.MAX_CAPACITY, List.of(), Runnable::run);
        uniform = engine(HoldLaw.uniform(MIN_NANOS, MAX_NANOS));
        exponential = engine(HoldLaw.exponential(MIN_NANOS, MAX_NANOS, MEAN_NANOS));
    }

    private TopologicalTimingEngine engine(HoldLaw law) {
        return new TopologicalTimingEngine(seeds::nextSeed, law, 2 * Math.PI, CIRCUITS);
    }

    /** Wipes the cache. */
    @TearDown
    public void close() {
        seeds.close();
    }

    /**
     * Increments an AtomicLong.
     *
     * @return its value
     */
    @Benchmark
    public long increment() {
        return counter.getAndIncrement();
    }

    /**
     * Plans and binds a uniform hold.
     *
     * @return the hold and the path's phase in one
     */
    @Benchmark
    public long uniform() {
        return planAndBind(uniform);
    }

    /**
     * Plans and binds an exponential hold.
     *
     * @return the hold and the path's phase in one
     */
    @Benchmark
    public long exponential() {
        return planAndBind(exponential);
    }

    private long planAndBind(TopologicalTimingEngine engine) {
        long next = stream++;
        long advance = engine.advance(0, next);
        long hold = engine.holdNanos(advance);
        engine.bind(1 + next % CIRCUITS, advance, binding);
        return hold + binding.phase();
    }
}
