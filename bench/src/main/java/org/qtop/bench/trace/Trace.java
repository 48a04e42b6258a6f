package org.qtop.bench.trace;

import java.util.Arrays;

/**
 * What one observer saw of one flow, in order: when bytes passed, which way, and how many. Immutable, thread-safe.
 *
 * <p>Times are in nanoseconds on one clock for all views of a run, with an arbitrary origin. A chunk of the upstream
 * direction went from the client towards the network, one of the downstream direction came from it.
 */
public final class Trace {

    /** Nothing seen. */
    public static final Trace EMPTY = new Trace(new long[0], new int[0]);

    private final long[] nanos;
    /** Positive upstream, negative downstream; never 0. */
    private final int[] bytes;

    private Trace(long[] nanos, int[] bytes) {
        this.nanos = nanos;
        this.bytes = bytes;
    }

    /**
     * How many chunks there are.
     *
     * @return 0 or more
     */
    public int size() {
        return nanos.length;
    }

    /**
     * When a chunk passed.
     *
     * @param index from 0 to {@link #size()} - 1
     * @return nanoseconds on the run's clock, never before those of the chunk before it
     * @throws IndexOutOfBoundsException if there is no such chunk
     */
    public long nanos(int index) {
        return nanos[index];
    }

    /**
     * How many bytes a chunk had.
     *
     * @param index from 0 to {@link #size()} - 1
     * @return 1 or more
     * @throws IndexOutOfBoundsException if there is no such chunk
     */
    public int bytes(int index) {
        return Math.abs(bytes[index]);
    }

    /**
     * Which way a chunk went.
     *
     * @param index from 0 to {@link #size()} - 1
     * @return true from the client towards the network
     * @throws IndexOutOfBoundsException if there is no such chunk
     */
    public boolean isUpstream(int index) {
        return bytes[index] > 0;
    }

    /**
     * The part of this trace within a span of time.
     *
     * @param fromNanos the first time that belongs to it
     * @param untilNanos the first time after it
     * @return the chunks in it, with their times as they are
     */
    public Trace between(long fromNanos, long untilNanos) {
        int from = firstAt(fromNanos);
        int until = Math.max(from, firstAt(untilNanos));
        return new Trace(Arrays.copyOfRange(nanos, from, until), Arrays.copyOfRange(bytes, from, until));
    }

    private int firstAt(long time) {
        int low = 0;
        int high = nanos.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (nanos[middle] - time < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Trace trace && Arrays.equals(nanos, trace.nanos) && Arrays.equals(bytes, trace.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(nanos) * 31 + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return size() + " chunks";
    }

    /** Takes chunks in the order of their times. Confined to one thread. */
    public static final class Builder {

        private static final int FIRST_ROOM = 64;

        private long[] nanos = new long[FIRST_ROOM];
        private int[] bytes = new int[FIRST_ROOM];
        private int size;

        /**
         * Adds a chunk behind those that are there.
         *
         * @param atNanos when it passed
         * @param upstream true from the client towards the network
         * @param count how many bytes, 1 or more
         * @return this
         * @throws IllegalArgumentException if the time is before the last one's, or the count is not positive
         */
        public Builder add(long atNanos, boolean upstream, int count) {
            if (count < 1) {
                throw new IllegalArgumentException("a chunk has 1 byte or more, not " + count);
            }
            if (size > 0 && atNanos - nanos[size - 1] < 0) {
                throw new IllegalArgumentException(
                        "a chunk at " + atNanos + " ns cannot follow one at " + nanos[size - 1] + " ns");
            }
            if (size == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * size);
                bytes = Arrays.copyOf(bytes, 2 * size);
            }
            nanos[size] = atNanos;
            bytes[size++] = upstream ? count : -count;
            return this;
        }

        /**
         * Makes the trace of what was added so far.
         *
         * @return the trace
         */
        public Trace build() {
            return size == 0 ? EMPTY : new Trace(Arrays.copyOf(nanos, size), Arrays.copyOf(bytes, size));
        }
    }
}
