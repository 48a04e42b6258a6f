package org.qtop.bench.attack;

import java.util.ArrayList;
import java.util.List;
import org.qtop.bench.trace.Flow;

/**
 * Runs attacks where it is known beforehand what must come out: an attack that is broken, or a split that leaks, shows
 * here. Immutable, thread-safe.
 *
 * <p>Each attack is run on flows from which what it is after was taken away, where it must do no better than chance,
 * and on flows where it lies open, where it must be nearly always right; {@link Altered} has the flows.
 */
public final class Controls {

    /** What nearly 1 means. */
    public static final double NEARLY_ONE = 0.95;

    /** An interval of 95 % widened by this holds the truth in all but one of some 1,600 controls. */
    private static final double WIDENED = 1.75;

    private final AttackSettings settings;

    /**
     * Controls with some settings.
     *
     * @param settings those of the attacks that are controlled
     */
    public Controls(AttackSettings settings) {
        this.settings = settings;
    }

    /**
     * What one control came to. Immutable.
     *
     * @param control what was done to the flows
     * @param attack the attack's name
     * @param expected what must come out
     * @param figure what came out
     * @param passed whether it is what must come out
     */
    public record Outcome(String control, String attack, String expected, Figure figure, boolean passed) {
    }

    /**
     * Runs every control that suits an attack.
     *
     * @param attack the attack
     * @param data any mode's flows
     * @return what each came to
     * @throws IllegalArgumentException if the flows are too few for the attack
     */
    public List<Outcome> of(Attack attack, Dataset data) {
        Altered altered = new Altered(data.flows(), settings);
        List<Outcome> outcomes = new ArrayList<>();
        switch (attack.task()) {
            case ENDS -> {
                outcomes.add(half("destinations exchanged", attack, altered.destinationsExchanged()));
                outcomes.add(half("constant rate at the guard", attack, altered.constantRate()));
                outcomes.add(nearlyOne("destinations see the guard's view", attack, altered.destinationsSeeGuard()));
            }
            case SITE -> {
                outcomes.add(blind("labels exchanged", attack, altered.labelsExchanged()));
                outcomes.add(nearlyOne("labels written into the traces", attack, altered.labelsWritten()));
            }
            case MOMENT -> {
                outcomes.add(half("actions drawn anew", attack, altered.actionsDrawnAnew()));
                outcomes.add(nearlyOne("actions at the first chunk", attack, altered.actionsAtFirstChunk()));
            }
            default -> {
                outcomes.add(half("guards' views exchanged", attack, altered.guardsExchanged()));
                outcomes.add(nearlyOne("marks put in at the guard", attack, altered.marked()));
            }
        }
        return outcomes;
    }

    private Figure first(Attack attack, List<Flow> flows) {
        return attack.run(Split.of(flows), settings).figures().get(0);
    }

    private Outcome half(String control, Attack attack, List<Flow> flows) {
        Figure figure = first(attack, flows);
        return new Outcome(control, attack.name(), "0.5 within its interval", figure,
                halves(figure, 0.5) <= WIDENED);
    }

    private Outcome blind(String control, Attack attack, List<Flow> flows) {
        Findings findings = attack.run(Split.of(flows), settings);
        Figure figure = findings.figures().get(0);
        double most = findings.figure(LabelFigures.BLIND).map(Figure::value).orElse(0.5);
        return new Outcome(control, attack.name(), String.format("no more than %.3f within its interval", most), figure,
                figure.value() <= most || halves(figure, most) <= WIDENED);
    }

    private Outcome nearlyOne(String control, Attack attack, List<Flow> flows) {
        Figure figure = first(attack, flows);
        return new Outcome(control, attack.name(), NEARLY_ONE + " or more within its interval", figure,
                figure.high() >= NEARLY_ONE);
    }

    /** How far a number is from a figure, in half widths of its interval on that side. */
    private static double halves(Figure figure, double number) {
        double half = number > figure.value() ? figure.high() - figure.value() : figure.value() - figure.low();
        double distance = Math.abs(number - figure.value());
        // Sums of many thirds are never quite a half.
        return distance < 1e-9 ? 0 : distance / half;
    }
}
