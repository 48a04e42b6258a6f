package org.qtop.bench.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.qtop.bench.attack.statistics.PairScores;
import org.qtop.bench.attack.statistics.Thresholds;
import org.qtop.bench.trace.Flow;

/**
 * An attack that says which flow at the guard is which at the destination. What differs is how a pair is scored.
 * Immutable, thread-safe.
 */
abstract class CorrelationAttack implements Attack {

    private final String name;
    private final String source;
    private final boolean trained;

    /**
     * An attack of this kind.
     *
     * @param name see {@link Attack#name}
     * @param source see {@link Attack#source}
     * @param trained whether its training is random, so that it is repeated
     */
    CorrelationAttack(String name, String source, boolean trained) {
        this.name = name;
        this.source = source;
        this.trained = trained;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String source() {
        return source;
    }

    @Override
    public Task task() {
        return Task.ENDS;
    }

    /**
     * Trains.
     *
     * @param training the flows to train on
     * @param validation the flows to choose variants on
     * @param settings sizes and effort
     * @param seed of this training
     * @return what scores pairs
     */
    abstract PairScorer train(List<Flow> training, List<Flow> validation, AttackSettings settings, long seed);

    @Override
    public final Findings run(Split split, AttackSettings settings) {
        List<PairScorer> scorers = IntStream.range(0, trained ? settings.trainingSeeds() : 1).parallel().mapToObj(i ->
                train(split.training(), split.validation(), settings, settings.seed() + i)).toList();
        List<float[]> thresholds = new ArrayList<>();
        for (PairScorer scorer : scorers) {
            float[][] scores = scorer.score(split.validation());
            thresholds.add(new float[] {Thresholds.at(scores, PairFigures.RATES[0]),
                Thresholds.at(scores, PairFigures.RATES[1])});
        }
        List<Flow> test = split.test();
        List<PairScores> scores = new ArrayList<>();
        for (int i = 0; i < scorers.size(); i++) {
            scores.add(new PairScores(scorers.get(i).score(test), thresholds.get(i)));
        }
        return new PairFigures(test, settings).judge(name, scores, List.of(test.size() + " test flows, all "
                + (long) test.size() * test.size() + " pairs; " + scores.size() + " training(s)"));
    }
}
