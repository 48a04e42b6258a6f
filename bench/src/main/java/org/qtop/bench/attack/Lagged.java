package org.qtop.bench.attack;

import java.util.Arrays;

/**
 * Likens one direction's rows at one end with those at the other, for every lag. Immutable by convention, thread-safe.
 *
 * <p>Bytes are seen at the early end first: upstream that is the guard's, downstream the destination's. The late end's
 * bin is {@code lag} bins later. Sums of products for all entries at once run along an array of entries a bin, which
 * the compiler turns into vector instructions, and empty bins are skipped.
 */
final class Lagged {

    private final Likeness likeness;
    private final boolean exitIsLate;
    private final int bins;
    private final int entries;
    private final float[][] exit;
    /** A row for each bin, a column for each entry. */
    private final float[][] entryByBin;
    private final double[][] exitSums;
    private final double[][] exitSquares;
    private final double[][] entrySums;
    private final double[][] entrySquares;

    /**
     * Prepares rows.
     *
     * @param exitRows bytes a bin at the destination
     * @param entryRows bytes a bin at the guard
     * @param exitIsLate true for the upstream direction
     */
    Lagged(float[][] exitRows, float[][] entryRows, boolean exitIsLate, Likeness likeness) {
        this.likeness = likeness;
        this.exitIsLate = exitIsLate;
        this.entries = entryRows.length;
        this.bins = exitRows[0].length;
        exit = prepare(exitRows);
        float[][] entry = prepare(entryRows);
        entryByBin = new float[bins][entries];
        for (int j = 0; j < entries; j++) {
            for (int k = 0; k < bins; k++) {
                entryByBin[k][j] = entry[j][k];
            }
        }
        exitSums = running(exit, false);
        exitSquares = running(exit, true);
        entrySums = running(entry, false);
        entrySquares = running(entry, true);
    }

    private float[][] prepare(float[][] rows) {
        float[][] prepared = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            prepared[i] = likeness.prepare(rows[i]);
        }
        return prepared;
    }

    private static double[][] running(float[][] rows, boolean squared) {
        double[][] sums = new double[rows.length][rows[0].length + 1];
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < rows[i].length; k++) {
                sums[i][k + 1] = sums[i][k] + (squared ? (double) rows[i][k] * rows[i][k] : rows[i][k]);
            }
        }
        return sums;
    }

    /**
     * Likens one exit with every entry.
     *
     * @param i the exit
     * @param lag in bins
     * @param likenesses where they go: -1 to 1 for each entry, 0 where an end has no variation
     */
    void row(int i, int lag, float[] likenesses) {
        Arrays.fill(likenesses, 0);
        int exitFrom = exitIsLate ? lag : 0;
        int entryFrom = exitIsLate ? 0 : lag;
        int length = bins - lag;
        float[] own = exit[i];
        for (int k = 0; k < length; k++) {
            float factor = own[exitFrom + k];
            if (factor != 0) {
                multiply(factor, entryByBin[entryFrom + k], likenesses);
            }
        }
        double sum = likeness.isCentred() ? exitSums[i][exitFrom + length] - exitSums[i][exitFrom] : 0;
        double squares = exitSquares[i][exitFrom + length] - exitSquares[i][exitFrom] - sum * sum / length;
        for (int j = 0; j < entries; j++) {
            double otherSum = likeness.isCentred() ? entrySums[j][entryFrom + length] - entrySums[j][entryFrom] : 0;
            double otherSquares = entrySquares[j][entryFrom + length] - entrySquares[j][entryFrom]
                    - otherSum * otherSum / length;
            double product = likenesses[j] - sum * otherSum / length;
            // Rows are scaled to squares of about 1 a bin; what is left of a constant row is rounding.
            boolean flat = squares < 1e-6 || otherSquares < 1e-6;
            likenesses[j] = flat ? 0 : (float) Math.max(-1, Math.min(1, product / Math.sqrt(squares * otherSquares)));
        }
    }

    private static void multiply(float factor, float[] from, float[] to) {
        for (int j = 0; j < to.length; j++) {
            to[j] += factor * from[j];
        }
    }
}
