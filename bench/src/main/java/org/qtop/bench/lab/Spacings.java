package org.qtop.bench.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.qtop.bench.attack.Spacing;
import org.qtop.engine.guarantee.Guarantee;
import org.qtop.engine.guarantee.HoldShape;

/** The six distances between two moments at which the attack on the time of an action is tried. Stateless. */
final class Spacings {

    /** Parts of the width of the holds; 1.5 is beyond what any hold of the range can hide. */
    private static final double[] PARTS = {0.05, 0.1, 0.2, 0.5, 0.8, 1.5};
    /** For a mode without holds: the distances of the default range. */
    private static final long DEFAULT_WIDTH = Mode.REQUEST.shape().orElseThrow().widthNanos();

    private Spacings() {
    }

    /**
     * The distances for a mode.
     *
     * @return each with the success of the best guesser that {@code qtop explain} prints; 1 for a mode that makes no
     *     promise about what a guard sees
     */
    static List<Spacing> of(Mode mode) {
        Optional<HoldShape> shape = mode.shape();
        long width = shape.map(HoldShape::widthNanos).orElse(DEFAULT_WIDTH);
        return Arrays.stream(PARTS).mapToObj(part -> {
            long apart = Math.round(part * width);
            double bound = mode.hidesAction()
                    ? Guarantee.bestGuess(shape.orElseThrow().totalVariation(apart)) : 1;
            return new Spacing(apart, bound);
        }).toList();
    }
}
