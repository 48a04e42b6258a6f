package org.qtop.engine.timing;

/**
 * Mixes a circuit's and a stream's number into 64 bits. Thread-safe.
 *
 * <p>An advance is uniform because its seed is, whatever this returns; mixing only sees to it that one seed, were it
 * ever used twice by mistake, would not give two streams one hold. The finalising steps are those of SplitMix64
 * (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
 */
final class Mixer {

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private Mixer() {
    }

    static long mix(long circuit, long stream) {
        return finish(finish(circuit + GOLDEN) + stream + GOLDEN);
    }

    private static long finish(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
