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

/** A seed from the cache beside the increment of an AtomicLong, by one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(5)
@Warmup(iterations = 6, batchSize = SeedBenchmark.BATCH)
@Measurement(iterations = 6, batchSize = SeedBenchmark.BATCH)
@OperationsPerInvocation(SeedBenchmark.BATCH)
@Meaning(value = "One operation takes one seed from a cache that was filled beforehand and does not refill; the "
        + "baseline is an atomic increment in the same loop.", baseline = "increment")
public class SeedBenchmark {

    /** Operations timed together. Two threads do not empty the cache in the twelve iterations of a fork. */
    static final int BATCH = 400_000;

    private final AtomicLong counter = new AtomicLong();
    private QuantumCache seeds;
    private boolean filled;

    /** Makes a full cache, which is not refilled. */
    @Setup
    public void open() {
        seeds = new QuantumCache(QuantumCache.MAX_CAPACITY, List.of(), this::runOnce);
        filled = true;
    }

    private void runOnce(Runnable task) {
        if (!filled) {
            task.run();
        }
    }

    /**
     * Wipes it.
     *
     * @throws IllegalStateException if it was emptied, so that the figure is not that of the cache
     */
    @TearDown
    public void close() {
        long misses = seeds.account().misses();
        seeds.close();
        if (misses != 0) {
            throw new IllegalStateException(misses + " seeds did not come from the cache");
        }
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
     * Takes a seed.
     *
     * @return the seed
     */
    @Benchmark
    public long nextSeed() {
        return seeds.nextSeed();
    }
}
