package org.qtop.bench.attack;

import java.util.List;
import java.util.stream.IntStream;
import org.qtop.bench.trace.Flow;

/** An attack that says from what was seen at the guard which site was visited. Immutable, thread-safe. */
abstract class FingerprintAttack implements Attack {

    /** Name of the share of flows whose site is named. */
    static final String ACCURACY = "accuracy";

    private final String name;
    private final String source;

    FingerprintAttack(String name, String source) {
        this.name = name;
        this.source = source;
    }

    /** Names the class of a flow that is described by numbers. Thread-safe. */
    interface Namer {

        /**
         * Names a class.
         *
         * @param features what describes the flow
         * @return the class, from 0
         */
        int classOf(float[] features);
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
    public final Task task() {
        return Task.SITE;
    }

    /** Describes a flow, with as many numbers as any other. */
    abstract float[] features(Flow flow);

    /**
     * Trains.
     *
     * @param training what to learn from
     * @param validation what to choose variants on
     * @param classes how many classes there are
     * @param settings sizes and effort
     * @param seed of this training
     */
    abstract Namer train(Examples training, Examples validation, int classes, AttackSettings settings, long seed);

    /**
     * Flows described, with their classes.
     *
     * @param features a row for each flow
     * @param classes its class, -1 for one that is not in training
     */
    record Examples(float[][] features, int[] classes) {
    }

    private Examples examples(List<Flow> flows, int[] labels) {
        return new Examples(flows.parallelStream().map(this::features).toArray(float[][]::new),
                LabelFigures.classes(flows, labels));
    }

    @Override
    public final Findings run(Split split, AttackSettings settings) {
        int[] labels = LabelFigures.labels(split.training());
        Examples training = examples(split.training(), labels);
        Examples validation = examples(split.validation(), labels);
        List<Namer> namers = IntStream.range(0, settings.trainingSeeds()).parallel().mapToObj(i ->
                train(training, validation, labels.length, settings, settings.seed() + i)).toList();
        List<Flow> flows = split.test();
        Examples test = examples(flows, labels);
        List<int[]> guesses = namers.stream().map(namer -> IntStream.range(0, flows.size()).parallel()
                .map(i -> namer.classOf(test.features()[i])).toArray()).toList();
        double[] right = LabelFigures.right(test.classes(), guesses);
        return new Findings(name, List.of(LabelFigures.accuracy(ACCURACY, right),
                LabelFigures.blind(training.classes(), test.classes())), List.of(),
                List.of(LabelFigures.measure(ACCURACY, flows, right)), List.of(labels.length + " sites, "
                + split.training().size() + " training flows, " + namers.size() + " training(s)"));
    }
}
