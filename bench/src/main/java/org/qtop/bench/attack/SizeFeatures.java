package org.qtop.bench.attack;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.qtop.bench.trace.Trace;

/** What a trace's chunk sizes say, without their times. Not instantiable. */
final class SizeFeatures {

    private static final int FIRST = 40;
    /** Classes of size, four to a doubling, up to 64 KiB. */
    private static final int CLASSES = 64;
    /** Classes of what is left over from whole cells. */
    private static final int LEFT_OVER = 16;

    private SizeFeatures() {
    }

    /**
     * Describes a trace.
     *
     * @param wholeCells true if only the number of cells in each chunk may be known, as if each chunk were exactly its
     *     cells; false if its bytes may
     * @return one number after the other; as many for every trace and for both kinds
     */
    static float[] of(Trace trace, boolean wholeCells) {
        Series series = new Series();
        for (boolean upstream : new boolean[] {true, false}) {
            double[] sizes = IntStream.range(0, trace.size()).filter(k -> trace.isUpstream(k) == upstream)
                    .mapToDouble(k -> size(trace.bytes(k), wholeCells)).toArray();
            double[] classes = new double[CLASSES];
            double[] rest = new double[LEFT_OVER];
            for (double size : sizes) {
                classes[(int) Math.min(CLASSES - 1, 4 * Math.log(size) / Math.log(2))]++;
                rest[(int) (size % Cells.BYTES * LEFT_OVER / Cells.BYTES)]++;
            }
            series.add(sizes.length);
            series.add(Arrays.stream(sizes).sum());
            series.summary(sizes);
            series.parts(classes, CLASSES);
            series.parts(rest, LEFT_OVER);
        }
        for (int k = 0; k < FIRST; k++) {
            series.add(k >= trace.size() ? 0 : size(trace.bytes(k), wholeCells) * (trace.isUpstream(k) ? 1 : -1));
        }
        return series.toArray();
    }

    private static int size(int bytes, boolean wholeCells) {
        return wholeCells ? Cells.in(bytes) * Cells.BYTES : bytes;
    }
}
