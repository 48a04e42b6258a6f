package org.qtop.bench.attack.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Holm's correction for many comparisons at once (S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure",
 * Scandinavian Journal of Statistics 6, 1979). Not instantiable.
 */
public final class Holm {

    private Holm() {
    }

    /**
     * Corrects p-values so that calling those under a level significant errs anywhere with at most that level.
     *
     * @param p one for each comparison, 0 to 1
     * @return the corrected ones in the same order, 0 to 1
     */
    public static double[] adjust(double[] p) {
        int[] order = IntStream.range(0, p.length).boxed()
                .sorted(Comparator.comparingDouble(i -> p[i])).mapToInt(i -> i).toArray();
        double[] adjusted = new double[p.length];
        double least = 0;
        for (int rank = 0; rank < order.length; rank++) {
            least = Math.max(least, Math.min(1, (p.length - rank) * p[order[rank]]));
            adjusted[order[rank]] = least;
        }
        return adjusted;
    }
}
