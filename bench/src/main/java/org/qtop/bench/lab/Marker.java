package org.qtop.bench.lab;

/** What a destination does to the time of its own chunks, to know them again elsewhere. Thread-safe. */
@FunctionalInterface
interface Marker {

    /** Leaves them alone. */
    Marker NONE = nowNanos -> 0;

    /** How long a chunk that could go now is to wait; asked again when that is over. */
    long holdNanos(long nowNanos);
}
