package org.qtop.bench.attack;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.qtop.bench.trace.Flow;

/**
 * Compares random projections of the bins of both ends (M. Nasr, A. Houmansadr and A. Mazumdar, "Compressive Traffic
 * Analysis: A New Paradigm for Scalable Traffic Analysis", CCS 2017). Immutable, thread-safe.
 *
 * <p>The projection is Gaussian and keeps a tenth of the numbers; ends are compared by the cosine of their projections.
 * Angles survive a projection only if the ends are aligned: the lag is the one that suited most training flows.
 */
final class CompressiveAttack extends CorrelationAttack {

    private static final int COMPRESSION = 10;
    /** Jitter moves bytes to neighbouring bins: each bin is the mean of this many. */
    private static final int SMOOTHING = 5;

    CompressiveAttack() {
        super("compressive", "Gaussian random projections, Nasr, Houmansadr and Mazumdar, \"Compressive Traffic "
                + "Analysis\", CCS 2017", true);
    }

    @Override
    PairScorer train(List<Flow> training, List<Flow> validation, AttackSettings settings, long seed) {
        int lag = usualLag(training, settings);
        int length = settings.bins() - lag;
        float[][] basis = basis(2 * length, Math.max(8, 2 * length / COMPRESSION), seed);
        return flows -> {
            float[][] exits = project(Bins.atDestination(flows, settings), lag, 0, length, basis);
            float[][] entries = project(Bins.atGuard(flows, settings), 0, lag, length, basis);
            return IntStream.range(0, flows.size()).parallel().mapToObj(i -> {
                float[] row = new float[flows.size()];
                for (int j = 0; j < row.length; j++) {
                    row[j] = product(exits[i], entries[j]);
                }
                return row;
            }).toArray(float[][]::new);
        };
    }

    private static int usualLag(List<Flow> training, AttackSettings settings) {
        int[] votes = new int[settings.lags() + 1];
        for (Flow flow : training) {
            List<Flow> one = List.of(flow);
            votes[new LaggedPair(Bins.atDestination(one, settings), Bins.atGuard(one, settings), Likeness.PEARSON,
                    settings.lags()).row(0).lag()[0]]++;
        }
        return IntStream.range(0, votes.length).reduce(0, (best, lag) -> votes[lag] > votes[best] ? lag : best);
    }

    /** A column for each number that is kept. */
    private static float[][] basis(int from, int to, long seed) {
        float[][] basis = new float[from][to];
        Random normal = new Random(seed);
        for (float[] row : basis) {
            for (int k = 0; k < to; k++) {
                row[k] = (float) normal.nextGaussian();
            }
        }
        return basis;
    }

    private static float[][] project(Bins bins, int upFrom, int downFrom, int length, float[][] basis) {
        return IntStream.range(0, bins.upstream().length).parallel().mapToObj(i -> {
            float[] sum = new float[basis[0].length];
            add(centred(bins.upstream()[i], upFrom, length), basis, 0, sum);
            add(centred(bins.downstream()[i], downFrom, length), basis, length, sum);
            return unit(sum);
        }).toArray(float[][]::new);
    }

    private static float[] centred(float[] row, int from, int length) {
        float[] part = new float[length];
        double mean = 0;
        for (int k = 0; k < length; k++) {
            for (int near = -SMOOTHING / 2; near <= SMOOTHING / 2; near++) {
                int at = from + k + near;
                part[k] += at >= 0 && at < row.length ? row[at] / SMOOTHING : 0;
            }
            mean += part[k] / length;
        }
        for (int k = 0; k < length; k++) {
            part[k] -= (float) mean;
        }
        return unit(part);
    }

    private static void add(float[] part, float[][] basis, int from, float[] sum) {
        for (int k = 0; k < part.length; k++) {
            float factor = part[k];
            float[] row = basis[from + k];
            for (int i = 0; i < sum.length; i++) {
                sum[i] += factor * row[i];
            }
        }
    }

    private static float[] unit(float[] vector) {
        double length = Math.sqrt(product(vector, vector));
        float[] unit = new float[vector.length];
        for (int k = 0; k < vector.length && length > 0; k++) {
            unit[k] = (float) (vector[k] / length);
        }
        return unit;
    }

    private static float product(float[] a, float[] b) {
        float sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }
}
