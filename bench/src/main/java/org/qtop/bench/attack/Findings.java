package org.qtop.bench.attack;

import java.util.List;
import java.util.Optional;

/**
 * What one attack found on one mode. Immutable, thread-safe; made of records, numbers and strings alone.
 *
 * @param attack the attack's name
 * @param figures what it is judged by, the most telling first
 * @param curves ROC curves, where it has one
 * @param measures scores case by case, for paired comparison between modes
 * @param notes what a reader must know: flows left out, settings chosen on the validation flows
 */
public record Findings(String attack, List<Figure> figures, List<Curve> curves, List<Measure> measures,
        List<String> notes) {

    /** Copies the lists. */
    public Findings {
        figures = List.copyOf(figures);
        curves = List.copyOf(curves);
        measures = List.copyOf(measures);
        notes = List.copyOf(notes);
    }

    /**
     * A ROC curve.
     *
     * @param name what of
     * @param points rising, from (0, 0) to (1, 1), few enough to draw
     */
    public record Curve(String name, List<Point> points) {

        /** Copies the list. */
        public Curve {
            points = List.copyOf(points);
        }
    }

    /**
     * A point of a ROC curve.
     *
     * @param falsePositives share of wrong pairs that are taken for right ones, 0 to 1
     * @param truePositives share of right pairs that are found, 0 to 1
     */
    public record Point(double falsePositives, double truePositives) {
    }

    /**
     * How well an attack did on each case; higher is better for the attacker.
     *
     * @param name what is measured, the same over modes
     * @param scores one for each case, means over the training seeds
     */
    public record Measure(String name, List<Score> scores) {

        /** Copies the list. */
        public Measure {
            scores = List.copyOf(scores);
        }
    }

    /**
     * How well an attack did on one case.
     *
     * @param flow the flow's number
     * @param circuit the flow's circuit: cases of one circuit are not independent
     * @param value 0 (always wrong) to 1 (always right)
     */
    public record Score(int flow, int circuit, double value) {
    }

    /**
     * Looks a figure up.
     *
     * @param name its name
     * @return the figure, if there is one
     */
    public Optional<Figure> figure(String name) {
        return figures.stream().filter(figure -> figure.name().equals(name)).findFirst();
    }
}
