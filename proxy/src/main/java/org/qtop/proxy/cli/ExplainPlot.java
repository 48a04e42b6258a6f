package org.qtop.proxy.cli;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.qtop.engine.guarantee.Explanation;
import org.qtop.engine.guarantee.Guarantee;
import org.qtop.engine.guarantee.HoldShape;
import org.qtop.proxy.plot.Plot;

/** The picture of {@code qtop explain}: the best guesser's success against the time apart. Stateless. */
final class ExplainPlot {

    private static final int POINTS = 600;
    private static final double NANOS_PER_MILLI = 1e6;
    /** How much wider than the range of holds the picture is. */
    private static final double MARGIN = 1.1;

    private ExplainPlot() {
    }

    static byte[] png(List<HoldShape> laws, Explanation asked) {
        int streams = asked.streams();
        double end = MARGIN * Math.max(1, asked.shape().widthNanos()) / NANOS_PER_MILLI;
        Plot plot = new Plot("Success of the best guesser: at one moment, or D later?",
                "time apart D in ms" + (streams == 1 ? "" : " (" + streams + " streams that share the moment)"), end,
                0.5, 1);
        for (HoldShape law : laws) {
            plot.add(curve(law.name(), new Explanation(law, asked.apartNanos(), streams).curve(POINTS),
                    Explanation.Row::bestGuessOfAll));
        }
        plot.add(curve(streams == 1 ? "least of any law" : "least of any law (one stream)", asked.curve(POINTS),
                row -> Guarantee.bestGuess(row.bound())));
        plot.mark(asked.apartNanos() / NANOS_PER_MILLI);
        return plot.png();
    }

    private static Plot.Curve curve(String name, List<Explanation.Row> rows, ToDoubleFunction<Explanation.Row> y) {
        return new Plot.Curve(name, rows.stream().mapToDouble(row -> row.apartNanos() / NANOS_PER_MILLI).toArray(),
                rows.stream().mapToDouble(y).toArray());
    }
}
