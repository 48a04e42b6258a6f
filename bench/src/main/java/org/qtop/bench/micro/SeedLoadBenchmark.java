package org.qtop.bench.micro;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.qtop.engine.seed.QuantumCache;

/** Loading ten million seeds in a JVM that has done nothing before. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(5)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Meaning("One operation makes a cache of 10,000,000 seeds and fills it, cold: \"fill\" as a new cache does by itself, "
        + "\"preload\" as the seed guide does it, on top of that. The limit is 2,000 ms.")
public class SeedLoadBenchmark {

    private static final int SEEDS = QuantumCache.MAX_CAPACITY;

    /**
     * Lets a new cache fill itself.
     *
     * @return seeds in it
     */
    @Benchmark
    public int fill() {
        try (QuantumCache seeds = new QuantumCache(SEEDS, List.of(), Runnable::run)) {
            return full(seeds);
        }
    }

    /**
     * Preloads from the operating system's generator.
     *
     * @return seeds in it
     */
    @Benchmark
    public int preload() {
        try (QuantumCache seeds = new QuantumCache(SEEDS)) {
            seeds.preloadSeedsAsync("os", SEEDS).join();
            return full(seeds);
        }
    }

    private static int full(QuantumCache seeds) {
        if (seeds.available() != SEEDS) {
            throw new IllegalStateException("not full: " + seeds.account());
        }
        return seeds.available();
    }
}
