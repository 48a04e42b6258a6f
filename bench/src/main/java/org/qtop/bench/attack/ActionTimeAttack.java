package org.qtop.bench.attack;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.qtop.bench.attack.statistics.Interval;
import org.qtop.bench.attack.statistics.Wilson;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

/**
 * Tells which of two candidate moments, a known distance apart, a user acted at, from what was seen at the guard. The
 * attacker compares likelihoods, which no other rule beats (J. Neyman and E. Pearson, "On the Problem of the Most
 * Efficient Tests of Statistical Hypotheses", 1933); what the likelihoods are, it learns from the training flows by a
 * kernel density (Silverman, "Density Estimation", 1986). Immutable, thread-safe.
 *
 * <p>Which event at the guard to go by (the first, second or third upstream chunk, or the first downstream one) and how
 * wide a kernel to lay over the training flows is chosen on the validation flows for each distance. A coin, one throw a
 * flow, says whether the earlier or the later moment was the true one.
 */
final class ActionTimeAttack implements Attack {

    private static final int EVENTS = 4;
    /** A chunk that was never seen. */
    private static final double NEVER = Double.NaN;
    /** Kernel widths as shares of the distance between the moments. */
    private static final double[] WIDTHS = {0.01, 0.03, 0.1, 0.3, 1};

    @Override
    public String name() {
        return "action-time";
    }

    @Override
    public String source() {
        return "likelihood ratio of two moments, Neyman and Pearson 1933, with densities learned from training flows";
    }

    @Override
    public Task task() {
        return Task.MOMENT;
    }

    /** The name of the figure and measure for a distance. */
    static String figure(Spacing spacing) {
        return "right moment of two " + milliseconds(spacing.nanos()) + " ms apart";
    }

    private static String milliseconds(long nanos) {
        return BigDecimal.valueOf(nanos).movePointLeft(6).stripTrailingZeros().toPlainString();
    }

    @Override
    public Findings run(Split split, AttackSettings settings) {
        if (settings.spacings().isEmpty()) {
            throw new IllegalArgumentException("no spacings are set for the time of an action");
        }
        List<Guesser> guessers = settings.spacings().stream()
                .map(spacing -> choose(split, spacing, settings.seed())).toList();
        List<Flow> test = split.test();
        List<Figure> figures = new ArrayList<>();
        List<Findings.Measure> measures = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Guesser guesser : guessers) {
            List<Findings.Score> scores = test.stream().map(flow -> new Findings.Score(flow.id(), flow.circuit(),
                    guesser.isRight(flow, settings.seed()) ? 1 : 0)).toList();
            Interval interval = Wilson.of(scores.stream().mapToDouble(Findings.Score::value).sum(), scores.size());
            String name = figure(guesser.spacing());
            figures.add(new Figure(name, interval.value(), interval.low(), interval.high(), scores.size(),
                    Figure.Kind.PROPORTION, guesser.spacing().bound()));
            measures.add(new Findings.Measure(name, scores));
            notes.add(name + ": " + guesser.describe());
        }
        return new Findings(name(), figures, List.of(), measures, notes);
    }

    private static Guesser choose(Split split, Spacing spacing, long seed) {
        Guesser best = null;
        double most = -1;
        for (int event = 0; event < EVENTS; event++) {
            int chosen = event;
            double[] waits = split.training().stream().mapToDouble(flow -> waited(flow, chosen))
                    .filter(wait -> !Double.isNaN(wait)).sorted().toArray();
            for (double width : WIDTHS) {
                Guesser guesser = new Guesser(spacing, event, waits, width * spacing.nanos());
                // Each flow is tried both ways: the fewest throws, the least noise in the choice.
                double right = split.validation().stream().mapToDouble(flow -> guesser.sureness(flow, seed)).sum();
                if (right > most) {
                    most = right;
                    best = guesser;
                }
            }
        }
        return best;
    }

    /** How long after the action an event was seen at the guard, nanoseconds, or {@link #NEVER}. */
    private static double waited(Flow flow, int event) {
        Trace guard = flow.guard();
        boolean upstream = event < EVENTS - 1;
        int left = upstream ? event : 0;
        for (int k = 0; k < guard.size(); k++) {
            if (guard.isUpstream(k) == upstream && left-- == 0) {
                return guard.nanos(k) - flow.startNanos();
            }
        }
        return NEVER;
    }

    /**
     * Guesses between two moments by one event and one width.
     *
     * @param spacing how far apart the moments are
     * @param event which event it goes by
     * @param waits how long after the action the event was seen in training, nanoseconds, sorted
     * @param width of the kernel, nanoseconds
     */
    private record Guesser(Spacing spacing, int event, double[] waits, double width) {

        /** 1 if the flow is guessed right either way, 0 if either way wrong, else 0.5. */
        double sureness(Flow flow, long seed) {
            boolean[] coin = coin(flow, seed);
            return (isRight(flow, true, coin[1]) ? 0.5 : 0) + (isRight(flow, false, coin[1]) ? 0.5 : 0);
        }

        boolean isRight(Flow flow, long seed) {
            boolean[] coin = coin(flow, seed);
            return isRight(flow, coin[0], coin[1]);
        }

        private static boolean[] coin(Flow flow, long seed) {
            SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + flow.id());
            random.nextLong();
            return new boolean[] {random.nextBoolean(), random.nextBoolean()};
        }

        private boolean isRight(Flow flow, boolean earlierIsTrue, boolean otherwise) {
            double sinceTrue = waited(flow, event);
            double sinceEarlier = earlierIsTrue ? sinceTrue : sinceTrue + spacing.nanos();
            double ratio = density(sinceEarlier) - density(sinceEarlier - spacing.nanos());
            boolean saysEarlier = ratio == 0 || Double.isNaN(ratio) ? otherwise : ratio > 0;
            return saysEarlier == earlierIsTrue;
        }

        /** Not scaled: only compared. The kernel is a triangle, quick and without tails beyond its width. */
        private double density(double wait) {
            if (Double.isNaN(wait)) {
                return NEVER;
            }
            int found = Arrays.binarySearch(waits, wait - width);
            double sum = 0;
            for (int i = found >= 0 ? found : -found - 1; i < waits.length && waits[i] < wait + width; i++) {
                sum += 1 - Math.abs(waits[i] - wait) / width;
            }
            return sum;
        }

        String describe() {
            String[] names = {"first upstream chunk", "second upstream chunk", "third upstream chunk",
                "first downstream chunk"};
            return "by the " + names[event] + ", kernel of " + milliseconds(Math.max(1, Math.round(width))) + " ms";
        }
    }
}
