package org.qtop.bench.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.qtop.bench.attack.learn.Forest;
import org.qtop.bench.attack.statistics.Interval;
import org.qtop.bench.attack.statistics.Resample;
import org.qtop.bench.trace.Flow;

/**
 * Says what the sizes of chunks at the guard tell that Tor's cells do not already hide: a forest on sizes alone,
 * against the same forest on sizes rounded to whole cells. Sizes as a fingerprint are from M. Liberatore and B. Levine,
 * "Inferring the Source of Encrypted HTTP Connections", CCS 2006. Immutable, thread-safe.
 */
final class SizeAttack implements Attack {

    /** Accuracy with the chunks' bytes. */
    static final String BYTES = "accuracy from sizes";
    /** Accuracy with the chunks' numbers of cells. */
    static final String CELLS = "accuracy from whole cells";
    /** What bytes tell beyond cells. */
    static final String BEYOND = "sizes beyond cells";

    private static final int DEPTH = 40;

    @Override
    public String name() {
        return "sizes";
    }

    @Override
    public String source() {
        return "random forest on chunk sizes against whole cells, after Liberatore and Levine, CCS 2006";
    }

    @Override
    public Task task() {
        return Task.SITE;
    }

    @Override
    public Findings run(Split split, AttackSettings settings) {
        int[] labels = LabelFigures.labels(split.training());
        List<List<Forest>> forests = List.of(train(split, labels, false, settings),
                train(split, labels, true, settings));
        List<Flow> test = split.test();
        int[] classes = LabelFigures.classes(test, labels);
        double[] bytes = LabelFigures.right(classes, guess(forests.get(0), test, false));
        double[] cells = LabelFigures.right(classes, guess(forests.get(1), test, true));
        return new Findings(name(), List.of(LabelFigures.accuracy(BYTES, bytes), LabelFigures.accuracy(CELLS, cells),
                beyond(test, bytes, cells, settings), LabelFigures.blind(
                        LabelFigures.classes(split.training(), labels), classes)), List.of(),
                List.of(LabelFigures.measure(BYTES, test, bytes), LabelFigures.measure(CELLS, test, cells)),
                List.of(labels.length + " sites; no times are used"));
    }

    private static List<Forest> train(Split split, int[] labels, boolean wholeCells, AttackSettings settings) {
        float[][] features = features(split.training(), wholeCells);
        int[] classes = LabelFigures.classes(split.training(), labels);
        return IntStream.range(0, settings.trainingSeeds()).mapToObj(i -> Forest.train(features, classes,
                labels.length, new Forest.Shape(settings.trees(), DEPTH, 1), settings.seed() + i)).toList();
    }

    private static float[][] features(List<Flow> flows, boolean wholeCells) {
        return flows.parallelStream().map(flow -> SizeFeatures.of(flow.guard(), wholeCells)).toArray(float[][]::new);
    }

    private static List<int[]> guess(List<Forest> forests, List<Flow> flows, boolean wholeCells) {
        float[][] features = features(flows, wholeCells);
        List<int[]> guesses = new ArrayList<>();
        for (Forest forest : forests) {
            guesses.add(IntStream.range(0, features.length).map(i -> forest.classOf(features[i])).toArray());
        }
        return guesses;
    }

    /** The mean difference flow by flow; circuits are drawn with replacement. */
    private static Figure beyond(List<Flow> test, double[] bytes, double[] cells, AttackSettings settings) {
        double mean = IntStream.range(0, bytes.length).mapToDouble(i -> bytes[i] - cells[i]).average().orElseThrow();
        Resample resample = new Resample(test.stream().mapToInt(Flow::circuit).toArray(), settings.seed());
        if (resample.clusters() < 2) {
            return new Figure(BEYOND, mean, -1, 1, bytes.length, Figure.Kind.RATE);
        }
        Interval interval = Interval.ofDraws(mean, IntStream.range(0, settings.bootstraps()).mapToDouble(draw -> {
            int[] weights = resample.weights(resample.random(draw));
            double sum = IntStream.range(0, bytes.length).mapToDouble(i -> weights[i] * (bytes[i] - cells[i])).sum();
            return sum / IntStream.of(weights).sum();
        }).toArray());
        return new Figure(BEYOND, mean, interval.low(), interval.high(), bytes.length, Figure.Kind.RATE);
    }
}
