package org.qtop.bench.attack;

import org.qtop.bench.trace.Trace;

/**
 * A trace as Tor's cells, as far as chunks of a TLS connection tell: a chunk counts for as many cells as fit its bytes
 * best, one at least. Immutable by convention, thread-safe.
 *
 * @param seconds when each cell passed, since the first one
 * @param upstream which way each cell went
 */
record Cells(double[] seconds, boolean[] upstream) {

    /** Bytes of a cell with 4-byte circuit numbers (tor-spec, "Cell packet format"). */
    static final int BYTES = 514;

    static Cells of(Trace trace) {
        int count = 0;
        for (int k = 0; k < trace.size(); k++) {
            count += in(trace.bytes(k));
        }
        Cells cells = new Cells(new double[count], new boolean[count]);
        int at = 0;
        for (int k = 0; k < trace.size(); k++) {
            for (int i = in(trace.bytes(k)); i > 0; i--) {
                cells.seconds[at] = (trace.nanos(k) - trace.nanos(0)) / 1e9;
                cells.upstream[at++] = trace.isUpstream(k);
            }
        }
        return cells;
    }

    /** How many cells a chunk has: records of TLS add some 22 bytes to one cell or to several. */
    static int in(int bytes) {
        return Math.max(1, Math.round(bytes / (float) BYTES));
    }

    int size() {
        return seconds.length;
    }
}
