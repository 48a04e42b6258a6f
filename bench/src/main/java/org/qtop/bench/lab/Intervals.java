package org.qtop.bench.lab;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.qtop.bench.attack.statistics.Interval;
import org.qtop.bench.attack.statistics.Resample;

/**
 * Bootstrap intervals of plain statistics, over clusters of cases.
 *
 * @param resample how cases are drawn
 * @param draws how often
 */
record Intervals(Resample resample, int draws) {

    /** The mean of the values. */
    Interval mean(double[] values) {
        double[] ones = new double[values.length];
        Arrays.fill(ones, 1);
        return ratio(values, ones);
    }

    /** The sum of the first divided by the sum of the second. */
    Interval ratio(double[] above, double[] below) {
        return of(weights -> sum(above, weights) / sum(below, weights), above.length);
    }

    /** The value that so large a part of the values is below. */
    Interval quantile(double[] values, double part) {
        int[] order = IntStream.range(0, values.length).boxed().sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(i -> i).toArray();
        return of(weights -> {
            long before = (long) Math.floor(part * Arrays.stream(weights).asLongStream().sum());
            for (int i : order) {
                before -= weights[i];
                if (before < 0) {
                    return values[i];
                }
            }
            return values[order[order.length - 1]];
        }, values.length);
    }

    private Interval of(ToDoubleFunction<int[]> statistic, int cases) {
        int[] once = new int[cases];
        Arrays.fill(once, 1);
        double[] drawn = IntStream.range(0, draws).parallel()
                .mapToDouble(draw -> statistic.applyAsDouble(resample.weights(resample.random(draw)))).toArray();
        return Interval.ofDraws(statistic.applyAsDouble(once), drawn);
    }

    private static double sum(double[] values, int[] weights) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += weights[i] * values[i];
        }
        return sum;
    }
}
