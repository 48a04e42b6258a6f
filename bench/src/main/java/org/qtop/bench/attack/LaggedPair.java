package org.qtop.bench.attack;

/** Likens both directions of exits with those of entries. Immutable by convention, thread-safe. */
final class LaggedPair {

    private final Lagged upstream;
    private final Lagged downstream;
    private final int lags;
    private final int entries;

    LaggedPair(Bins exits, Bins entries, Likeness likeness, int lags) {
        upstream = new Lagged(exits.upstream(), entries.upstream(), true, likeness);
        downstream = new Lagged(exits.downstream(), entries.downstream(), false, likeness);
        this.lags = lags;
        this.entries = entries.upstream().length;
    }

    /**
     * Likens one exit with every entry at the lag that suits each pair best.
     *
     * @param i the exit
     * @return that exit's row
     */
    Best row(int i) {
        Best best = new Best(new float[entries], new float[entries], new float[entries], new int[entries]);
        float[] up = new float[entries];
        float[] down = new float[entries];
        for (int lag = 0; lag <= lags; lag++) {
            upstream.row(i, lag, up);
            downstream.row(i, lag, down);
            for (int j = 0; j < entries; j++) {
                float mean = (up[j] + down[j]) / 2;
                if (lag == 0 || mean > best.mean[j]) {
                    best.mean[j] = mean;
                    best.upstream[j] = up[j];
                    best.downstream[j] = down[j];
                    best.lag[j] = lag;
                }
            }
        }
        return best;
    }

    /**
     * The best likeness of an exit with each entry.
     *
     * @param mean over both directions, which is what is best
     * @param upstream that of the upstream direction at this lag
     * @param downstream that of the downstream direction at this lag
     * @param lag in bins
     */
    record Best(float[] mean, float[] upstream, float[] downstream, int[] lag) {
    }
}
