package org.qtop.bench.lab;

import java.util.Arrays;
import org.qtop.bench.trace.Trace;

/** Notes what passes one place, on one clock. Thread-safe. */
final class Recorder {

    private long[] nanos = new long[256];
    private int[] bytes = new int[256];
    private int size;

    /** Something passes now. */
    synchronized void saw(boolean upstream, int count) {
        if (count <= 0) {
            return;
        }
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        nanos[size] = Clock.nanos();
        bytes[size++] = upstream ? count : -count;
    }

    /** What passed in a span of time, its end not included. */
    synchronized Trace between(long from, long until) {
        Trace.Builder trace = new Trace.Builder();
        for (int i = 0; i < size; i++) {
            if (nanos[i] >= from && nanos[i] < until) {
                trace.add(nanos[i], bytes[i] > 0, Math.abs(bytes[i]));
            }
        }
        return trace.build();
    }

    synchronized Trace all() {
        return between(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Lets go of what passed before a time. */
    synchronized void forgetBefore(long time) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (nanos[i] >= time) {
                nanos[kept] = nanos[i];
                bytes[kept++] = bytes[i];
            }
        }
        size = kept;
    }
}
