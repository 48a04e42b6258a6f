package org.qtop.bench.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.qtop.bench.attack.statistics.Holm;
import org.qtop.bench.attack.statistics.Interval;
import org.qtop.bench.attack.statistics.Resample;

/** Says by how much an attack does better or worse on one mode than on another, case by case. Not instantiable. */
public final class Compare {

    private Compare() {
    }

    /**
     * The difference of one measure between two modes.
     *
     * @param attack the attack's name
     * @param measure what was measured
     * @param base the mode compared with
     * @param other the mode compared
     * @param difference mean over the cases of other minus base; above 0 the attacker does better on other
     * @param low lower end of the 95 % interval, not corrected
     * @param high upper end of the 95 % interval, not corrected
     * @param cases how many cases both modes have
     * @param p two-sided, from the bootstrap, not corrected; never below 2 / (bootstraps + 1)
     * @param holm p after Holm's correction over all comparisons made together
     */
    public record Difference(String attack, String measure, String base, String other, double difference, double low,
            double high, int cases, double p, double holm) {

        Difference corrected(double corrected) {
            return new Difference(attack, measure, base, other, difference, low, high, cases, p, corrected);
        }
    }

    /**
     * Findings on one mode.
     *
     * @param mode its name
     * @param findings one for each attack
     */
    public record Mode(String mode, List<Findings> findings) {

        /** Copies the list. */
        public Mode {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Compares modes with a base, measure by measure, over the flows that both tested. Circuits of the base are drawn
     * with replacement, with all their cases.
     *
     * @param base the mode to compare with, such as straight at Tor
     * @param others the modes to compare
     * @param settings how many draws, and their seed
     * @return a difference for each attack and measure that both modes have and that has cases on two circuits or more
     */
    public static List<Difference> between(Mode base, List<Mode> others, AttackSettings settings) {
        List<Difference> differences = new ArrayList<>();
        for (Mode other : others) {
            for (Findings mine : base.findings()) {
                other.findings().stream().filter(theirs -> theirs.attack().equals(mine.attack()))
                        .forEach(theirs -> differences.addAll(
                                of(base.mode(), mine, other.mode(), theirs, settings)));
            }
        }
        double[] corrected = Holm.adjust(differences.stream().mapToDouble(Difference::p).toArray());
        return IntStream.range(0, corrected.length)
                .mapToObj(i -> differences.get(i).corrected(corrected[i])).toList();
    }

    private static List<Difference> of(String base, Findings mine, String other, Findings theirs,
            AttackSettings settings) {
        List<Difference> differences = new ArrayList<>();
        for (Findings.Measure measure : mine.measures()) {
            for (Findings.Measure second : theirs.measures()) {
                if (second.name().equals(measure.name())) {
                    Difference none =
                            new Difference(mine.attack(), measure.name(), base, other, 0, 0, 0, 0, 1, 1);
                    paired(measure, second, none, settings).ifPresent(differences::add);
                }
            }
        }
        return differences;
    }

    private static Optional<Difference> paired(Findings.Measure first, Findings.Measure second,
            Difference names, AttackSettings settings) {
        Map<Integer, Double> others = second.scores().stream()
                .collect(Collectors.toMap(Findings.Score::flow, Findings.Score::value));
        List<Findings.Score> both = first.scores().stream()
                .filter(score -> others.containsKey(score.flow())).toList();
        double[] change = both.stream().mapToDouble(score -> others.get(score.flow()) - score.value()).toArray();
        Resample resample = new Resample(both.stream().mapToInt(Findings.Score::circuit).toArray(), settings.seed());
        if (resample.clusters() < 2) {
            return Optional.empty();
        }
        double[] draws = IntStream.range(0, settings.bootstraps())
                .mapToDouble(draw -> mean(change, resample, draw)).toArray();
        Interval interval = Interval.ofDraws(Arrays.stream(change).average().orElseThrow(), draws);
        return Optional.of(new Difference(names.attack(), names.measure(), names.base(), names.other(),
                interval.value(), interval.low(), interval.high(), change.length, p(draws), 1));
    }

    private static double mean(double[] change, Resample resample, int draw) {
        SplittableRandom random = resample.random(draw);
        int[] weights = resample.weights(random);
        double sum = 0;
        long total = 0;
        for (int i = 0; i < change.length; i++) {
            sum += weights[i] * change[i];
            total += weights[i];
        }
        return sum / total;
    }

    /** Twice the share of draws on the rarer side of 0, itself counted as one draw (Davison and Hinkley, 1997). */
    private static double p(double[] draws) {
        long notAbove = Arrays.stream(draws).filter(draw -> draw <= 0).count();
        long notBelow = Arrays.stream(draws).filter(draw -> draw >= 0).count();
        return Math.min(1, 2.0 * (1 + Math.min(notAbove, notBelow)) / (draws.length + 1));
    }
}
