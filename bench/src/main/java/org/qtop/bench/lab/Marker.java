package org.qtop.bench.lab;

/** What a destination does to the time of its own chunks. Thread-safe. */
@FunctionalInterface
interface Marker {

    /** Sends as fast as a good server does. */
    Marker NONE = (nowNanos, index) -> 0;

    /**
     * How long a chunk that could go now is to wait; asked again when that is over.
     *
     * @param nowNanos System.nanoTime
     * @param index which chunk of its answer's body it is, from 0
     */
    long holdNanos(long nowNanos, int index);

    /** A request has come. */
    default void heard(long nowNanos) {
    }

    /** Bytes of a chunk. */
    default int chunkBytes() {
        return 8_192;
    }

    /** The least time between two chunks: 8 KiB a millisecond are some 65 Mbit/s. */
    default long paceNanos() {
        return 1_000_000;
    }
}
