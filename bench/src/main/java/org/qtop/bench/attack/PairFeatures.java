package org.qtop.bench.attack;

import java.util.List;
import java.util.stream.IntStream;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

/** What is told about a pair of a destination end and a guard end, as numbers. Immutable, thread-safe. */
final class PairFeatures {

    private static final double SECOND = 1e9;
    /** Numbers that each end brings: bytes up and down, first and last chunk up and down. */
    private static final int PLAIN = 6;

    private final List<LaggedPair> likenesses;
    private final float[][] exit;
    private final float[][] entry;

    PairFeatures(List<Flow> flows, AttackSettings settings) {
        Bins exits = Bins.atDestination(flows, settings);
        Bins entries = Bins.atGuard(flows, settings);
        likenesses = List.of(Likeness.values()).stream()
                .map(likeness -> new LaggedPair(exits, entries, likeness, settings.lags())).toList();
        exit = flows.stream().map(flow -> plain(flow.destination(), Bins.origin(flow))).toArray(float[][]::new);
        entry = flows.stream().map(flow -> plain(flow.guard(), Bins.origin(flow))).toArray(float[][]::new);
    }

    private static float[] plain(Trace trace, long origin) {
        double[] bytes = new double[2];
        double[] first = {-1, -1};
        double[] last = {-1, -1};
        for (int k = 0; k < trace.size(); k++) {
            int way = trace.isUpstream(k) ? 0 : 1;
            double seconds = (trace.nanos(k) - origin) / SECOND;
            first[way] = bytes[way] == 0 ? seconds : first[way];
            last[way] = seconds;
            bytes[way] += trace.bytes(k);
        }
        return new float[] {(float) Math.log1p(bytes[0]), (float) Math.log1p(bytes[1]), (float) first[0],
            (float) first[1], (float) last[0], (float) last[1]};
    }

    /**
     * One exit with every entry.
     *
     * @param i the exit
     * @return for each entry the pair's numbers
     */
    float[][] row(int i) {
        List<LaggedPair.Best> best = likenesses.stream().map(likeness -> likeness.row(i)).toList();
        return IntStream.range(0, entry.length).mapToObj(j -> {
            float[] features = new float[4 * best.size() + PLAIN];
            int at = 0;
            for (LaggedPair.Best one : best) {
                features[at++] = one.mean()[j];
                features[at++] = one.upstream()[j];
                features[at++] = one.downstream()[j];
                features[at++] = one.lag()[j];
            }
            for (int k = 0; k < PLAIN; k++) {
                features[at++] = exit[i][k] - entry[j][k];
            }
            return features;
        }).toArray(float[][]::new);
    }
}
