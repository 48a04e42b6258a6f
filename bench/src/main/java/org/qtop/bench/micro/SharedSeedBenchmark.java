package org.qtop.bench.micro;

import org.openjdk.jmh.annotations.Threads;

/** A seed from the cache beside the increment of an AtomicLong, by two threads at once. */
@Threads(2)
@Meaning(value = "One operation takes one seed while another thread takes seeds from the same cache; the baseline is "
        + "an atomic increment that two threads share.", baseline = "increment")
public class SharedSeedBenchmark extends SeedBenchmark {
}
