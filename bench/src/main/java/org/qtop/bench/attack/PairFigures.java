package org.qtop.bench.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.qtop.bench.attack.statistics.Evaluation;
import org.qtop.bench.attack.statistics.Interval;
import org.qtop.bench.attack.statistics.PairScores;
import org.qtop.bench.attack.statistics.Resample;
import org.qtop.bench.trace.Flow;

/**
 * Judges the scores of all pairs of test flows. Immutable, thread-safe.
 *
 * <p>The intervals are of a bootstrap over both ends: circuits are drawn with replacement, and a drawn flow brings its
 * row and its column along, as in the resampling of score matrices in biometrics (Bolle, Ratha and Pankanti, "Error
 * Analysis of Pattern Recognition Systems: the Subsets Bootstrap", 2004). Each draw also draws one of the trainings, so
 * that their spread is in the interval.
 */
public final class PairFigures {

    /** Name of the area under the ROC curve. */
    public static final String AREA = "AUC";
    /** Name of the share of right pairs found at the threshold for 1e-2. */
    public static final String AT_HUNDREDTH = "TPR at FPR 1e-2";
    /** Name of the share of right pairs found at the threshold for 1e-3. */
    public static final String AT_THOUSANDTH = "TPR at FPR 1e-3";
    /** Name of the share of flows whose other end is first of 200. */
    public static final String RANK_ONE = "rank-1 among 200";
    /** Name of the share of right pairs among those found, if one pair in 10,000 is right. */
    public static final String PRECISION = "precision at base rate 1e-4";
    /** The false positive rates that thresholds are chosen for on the validation flows. */
    static final double[] RATES = {1e-2, 1e-3};

    private static final int CURVE_POINTS = 300;

    private final List<Flow> flows;
    private final AttackSettings settings;

    /**
     * A judge of the scores of some flows.
     *
     * @param flows the test flows, in the order of the scores
     * @param settings how many draws, and their seed
     */
    public PairFigures(List<Flow> flows, AttackSettings settings) {
        this.flows = List.copyOf(flows);
        this.settings = settings;
    }

    /**
     * Judges.
     *
     * @param attack the attack's name
     * @param trainings the scores from each training, with thresholds for rates 1e-2 and 1e-3
     * @param notes what a reader must know
     * @return the findings
     */
    public Findings judge(String attack, List<PairScores> trainings, List<String> notes) {
        List<Evaluation> plain = trainings.stream().map(PairScores::evaluate).toList();
        Evaluation[] drawn = draw(trainings);
        List<Figure> figures = new ArrayList<>();
        figures.add(figure(AREA, Figure.Kind.AREA, plain, drawn, Evaluation::area));
        figures.add(figure(AT_HUNDREDTH, Figure.Kind.RATE, plain, drawn, one -> one.truePositives(0)));
        figures.add(figure(AT_THOUSANDTH, Figure.Kind.RATE, plain, drawn, one -> one.truePositives(1)));
        figures.add(figure(RANK_ONE, Figure.Kind.RATE, plain, drawn, Evaluation::rankOne));
        figures.add(figure(PRECISION, Figure.Kind.RATE, plain, drawn, one -> one.precision(1)));
        figures.add(figure("FPR at the threshold for 1e-2", Figure.Kind.RATE, plain, drawn,
                one -> one.falsePositives(0)));
        figures.add(figure("FPR at the threshold for 1e-3", Figure.Kind.RATE, plain, drawn,
                one -> one.falsePositives(1)));
        figures.add(figure("TPR on the test's own curve at FPR 1e-3", Figure.Kind.RATE, plain, drawn,
                one -> one.truePositivesAt(RATES[1])));
        List<Findings.Point> points = plain.get(0).curve(CURVE_POINTS).stream()
                .map(point -> new Findings.Point(point[0], point[1])).toList();
        return new Findings(attack, figures, List.of(new Findings.Curve(attack, points)),
                List.of(new Findings.Measure(AREA, ownAreas(trainings))), notes);
    }

    private Evaluation[] draw(List<PairScores> trainings) {
        Resample resample = new Resample(flows.stream().mapToInt(Flow::circuit).toArray(), settings.seed());
        if (resample.clusters() < 2) {
            return new Evaluation[0];
        }
        return IntStream.range(0, settings.bootstraps()).parallel().mapToObj(draw -> {
            SplittableRandom random = resample.random(draw);
            PairScores training = trainings.get(random.nextInt(trainings.size()));
            return training.evaluate(resample.weights(random));
        }).toArray(Evaluation[]::new);
    }

    private Figure figure(String name, Figure.Kind kind, List<Evaluation> plain, Evaluation[] drawn,
            ToDoubleFunction<Evaluation> number) {
        double value = plain.stream().mapToDouble(number).average().orElseThrow();
        // From one circuit nothing can be said about others.
        Interval interval = drawn.length == 0 ? new Interval(value, 0, 1)
                : Interval.ofDraws(value, IntStream.range(0, drawn.length)
                        .mapToDouble(draw -> number.applyAsDouble(drawn[draw])).toArray());
        return new Figure(name, value, interval.low(), interval.high(), flows.size(), kind);
    }

    private List<Findings.Score> ownAreas(List<PairScores> trainings) {
        double[] sum = new double[flows.size()];
        for (PairScores training : trainings) {
            double[] areas = training.ownAreas();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += areas[i] / trainings.size();
            }
        }
        return IntStream.range(0, sum.length)
                .mapToObj(i -> new Findings.Score(flows.get(i).id(), flows.get(i).circuit(), sum[i])).toList();
    }
}
