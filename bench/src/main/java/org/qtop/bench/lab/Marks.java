package org.qtop.bench.lab;

import org.qtop.bench.attack.Watermark;

/**
 * A destination that writes a watermark into a download of some seconds: chunks are ready at an even pace, and leave
 * when the mark lets them. Thread-safe.
 */
final class Marks implements Marker {

    private static final long PACE_NANOS = 25_000_000;
    private static final int CHUNK_BYTES = 2_048;
    /** Four seconds, ten pairs of intervals. */
    private static final int CHUNKS = 160;

    private final Watermark mark;
    private long origin;
    private boolean begun;

    private Marks(Watermark mark) {
        this.mark = mark;
    }

    static Plan plan(Workload workload, int flow) {
        return workload.marked(flow, SiteServer.HEAD_BYTES + CHUNKS * CHUNK_BYTES);
    }

    static Marker of(long seed, int flow) {
        return new Marks(Watermark.of(seed, flow));
    }

    @Override
    public synchronized void heard(long nowNanos) {
        if (!begun) {
            begun = true;
            origin = nowNanos;
        }
    }

    @Override
    public synchronized long holdNanos(long nowNanos, int index) {
        return mark.release(index * PACE_NANOS) - (nowNanos - origin);
    }

    @Override
    public int chunkBytes() {
        return CHUNK_BYTES;
    }

    @Override
    public long paceNanos() {
        return 0;
    }
}
