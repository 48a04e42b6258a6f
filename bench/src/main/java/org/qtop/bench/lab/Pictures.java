package org.qtop.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.qtop.bench.attack.Figure;
import org.qtop.bench.attack.Findings;
import org.qtop.bench.attack.Spacing;
import org.qtop.proxy.plot.Plot;

/** The report's pictures. Stateless. */
final class Pictures {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final int MOST_CURVES = 5;
    private static final int POINTS = 200;

    private Pictures() {
    }

    /** Draws all; returns the names of the files. */
    static List<String> draw(Results results, Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        for (String attack : Tables.attacks(results)) {
            Optional<byte[]> png = roc(results, attack);
            if (png.isPresent()) {
                names.add(write(folder, "roc-" + attack, png.get()));
            }
        }
        for (Mode mode : Tables.modes(results, "action-time")) {
            if (mode.shape().isPresent()) {
                names.add(write(folder, "bound-" + mode.key(), bound(results, mode)));
            }
        }
        return names;
    }

    private static String write(Path folder, String name, byte[] png) throws IOException {
        Files.write(folder.resolve(name + ".png"), png);
        return name + ".png";
    }

    private static Optional<byte[]> roc(Results results, String attack) {
        Plot plot = new Plot(attack + ": share of right answers found", "share of wrong answers taken for right", 1, 0,
                1);
        int drawn = 0;
        for (Mode mode : Tables.modes(results, attack)) {
            List<Findings.Curve> curves = Tables.find(results, mode, attack).orElseThrow().curves();
            if (!curves.isEmpty() && drawn < MOST_CURVES) {
                drawn++;
                List<Findings.Point> points = curves.get(0).points();
                plot.add(new Plot.Curve(mode.words().replace("`", ""), array(points, Findings.Point::falsePositives),
                        array(points, Findings.Point::truePositives)));
            }
        }
        return drawn == 0 ? Optional.empty() : Optional.of(plot.png());
    }

    private static double[] array(List<Findings.Point> points, ToDoubleFunction<Findings.Point> what) {
        return points.stream().mapToDouble(what).toArray();
    }

    /** Measured success with its interval, and what the guarantee allows, over the time apart. */
    private static byte[] bound(Results results, Mode mode) {
        List<Spacing> spacings = Spacings.of(mode);
        List<Figure> figures = Tables.find(results, mode, "action-time").orElseThrow().figures();
        int count = Math.min(spacings.size(), figures.size());
        double[] x = spacings.stream().limit(count).mapToDouble(one -> one.nanos() / NANOS_PER_MILLI).toArray();
        double end = x[count - 1] * 1.05;
        Plot plot = new Plot("Success at telling two moments apart: " + mode.words().replace("`", ""),
                "time apart in ms", end, 0.4, 1);
        plot.add(curve("measured", x, figures, Figure::value));
        double[] fine = new double[POINTS];
        double[] most = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            fine[i] = end * i / (POINTS - 1);
            most[i] = (1 + mode.shape().orElseThrow().totalVariation(Math.round(fine[i] * NANOS_PER_MILLI))) / 2;
        }
        plot.add(new Plot.Curve(mode.hidesAction() ? "most by the guarantee" : "if the request were held", fine, most));
        plot.add(curve("95 % interval, lower end", x, figures, Figure::low));
        plot.add(curve("95 % interval, upper end", x, figures, Figure::high));
        return plot.png();
    }

    private static Plot.Curve curve(String name, double[] x, List<Figure> figures, ToDoubleFunction<Figure> what) {
        return new Plot.Curve(name, x, figures.stream().limit(x.length).mapToDouble(what)
                .map(y -> Math.max(0.4, y)).toArray());
    }
}
