package org.qtop.bench.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.qtop.bench.attack.statistics.Interval;
import org.qtop.bench.attack.statistics.Wilson;
import org.qtop.bench.trace.Flow;

/** Judges guesses of labels. Not instantiable. */
final class LabelFigures {

    /** Name of what needs no look at a trace. */
    static final String BLIND = "accuracy of always naming the commonest";

    private LabelFigures() {
    }

    /**
     * The labels of flows as classes from 0.
     *
     * @throws IllegalArgumentException if there is only one label
     */
    static int[] labels(List<Flow> flows) {
        int[] labels = flows.stream().mapToInt(Flow::label).distinct().sorted().toArray();
        if (labels.length < 2) {
            throw new IllegalArgumentException("the training flows have " + labels.length + " label(s): no sites to "
                    + "tell apart");
        }
        return labels;
    }

    /** The class of each flow; -1 for a label that was not in training. */
    static int[] classes(List<Flow> flows, int[] labels) {
        return flows.stream().mapToInt(flow -> Math.max(-1, Arrays.binarySearch(labels, flow.label()))).toArray();
    }

    /** How often each flow was guessed right, a mean over trainings. */
    static double[] right(int[] classes, List<int[]> guesses) {
        return IntStream.range(0, classes.length)
                .mapToDouble(i -> guesses.stream().filter(guess -> guess[i] == classes[i]).count()
                        / (double) guesses.size()).toArray();
    }

    /** The share that was guessed right; the interval is for as many trials as there are flows, not trainings. */
    static Figure accuracy(String name, double[] right) {
        Interval interval = Wilson.of(Math.min(right.length, Arrays.stream(right).sum()), right.length);
        return new Figure(name, interval.value(), interval.low(), interval.high(), right.length,
                Figure.Kind.PROPORTION);
    }

    static Findings.Measure measure(String name, List<Flow> flows, double[] right) {
        List<Findings.Score> scores = new ArrayList<>();
        for (int i = 0; i < right.length; i++) {
            scores.add(new Findings.Score(flows.get(i).id(), flows.get(i).circuit(), right[i]));
        }
        return new Findings.Measure(name, scores);
    }

    /** What always guessing the commonest label of the training flows would reach. */
    static Figure blind(int[] training, int[] test) {
        int most = Arrays.stream(training).boxed()
                .max((a, b) -> Integer.compare(count(training, a), count(training, b))).orElse(0);
        return Figure.description(BLIND, count(test, most) / (double) test.length,
                test.length);
    }

    private static int count(int[] classes, int one) {
        return (int) Arrays.stream(classes).filter(found -> found == one).count();
    }
}
