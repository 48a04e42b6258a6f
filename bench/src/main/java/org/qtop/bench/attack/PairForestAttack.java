package org.qtop.bench.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.qtop.bench.attack.learn.Forest;
import org.qtop.bench.trace.Flow;

/**
 * A random forest (Breiman 2001) on the likenesses of a pair, its volumes and its times: each classic correlation
 * brings what it knows. Immutable, thread-safe.
 */
final class PairForestAttack extends CorrelationAttack {

    private static final int DEPTH = 12;
    private static final int LEAF = 3;
    /** Training flows are paired among this many neighbours, which is quick and brings wrong pairs enough. */
    private static final int CROWD = 100;
    private static final int WRONG_PAIRS = 6;
    /** More flows than this teach a forest of these few numbers little, and growing it takes minutes. */
    private static final int MOST_FLOWS = 1000;

    PairForestAttack() {
        super("pair-forest", "random forest on pair features, Breiman, \"Random Forests\", Machine Learning 45, 2001",
                true);
    }

    @Override
    PairScorer train(List<Flow> training, List<Flow> validation, AttackSettings settings, long seed) {
        List<float[]> features = new ArrayList<>();
        List<Integer> right = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        List<Flow> some = some(training);
        for (int from = 0; from < some.size(); from += CROWD) {
            List<Flow> crowd = some.subList(from, Math.min(from + CROWD, some.size()));
            PairFeatures pairs = new PairFeatures(crowd, settings);
            float[][][] rows = IntStream.range(0, crowd.size()).parallel().mapToObj(pairs::row)
                    .toArray(float[][][]::new);
            for (int i = 0; i < crowd.size(); i++) {
                features.add(rows[i][i]);
                right.add(1);
                for (int k = 0; k < WRONG_PAIRS && crowd.size() > 1; k++) {
                    features.add(rows[i][(i + 1 + random.nextInt(crowd.size() - 1)) % crowd.size()]);
                    right.add(0);
                }
            }
        }
        Forest forest = Forest.train(features.toArray(float[][]::new), right.stream().mapToInt(i -> i).toArray(), 2,
                new Forest.Shape(settings.trees(), DEPTH, LEAF), seed);
        return flows -> score(flows, forest, settings);
    }

    /** Evenly taken from all. */
    private static List<Flow> some(List<Flow> flows) {
        int step = (flows.size() + MOST_FLOWS - 1) / MOST_FLOWS;
        return IntStream.range(0, flows.size()).filter(i -> i % step == 0).mapToObj(flows::get).toList();
    }

    private static float[][] score(List<Flow> flows, Forest forest, AttackSettings settings) {
        PairFeatures pairs = new PairFeatures(flows, settings);
        return IntStream.range(0, flows.size()).parallel().mapToObj(i -> {
            float[][] row = pairs.row(i);
            float[] scores = new float[row.length];
            for (int j = 0; j < row.length; j++) {
                scores[j] = forest.shares(row[j])[1];
            }
            return scores;
        }).toArray(float[][]::new);
    }
}
