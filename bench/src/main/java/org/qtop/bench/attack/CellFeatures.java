package org.qtop.bench.attack;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.qtop.bench.trace.Trace;

/**
 * The numbers that k-fingerprinting describes a trace by (J. Hayes and G. Danezis, "k-fingerprinting: A Robust Scalable
 * Website Fingerprinting Technique", USENIX Security 2016, section 4.1): counts, shares, order, concentration, rate and
 * gaps of cells. Not instantiable.
 */
final class CellFeatures {

    private static final int ENDS = 30;
    private static final int CHUNK = 20;
    private static final int PARTS = 20;

    private CellFeatures() {
    }

    /** One number after the other; as many for every trace. */
    static float[] of(Trace trace) {
        Cells cells = Cells.of(trace);
        boolean[] upstream = cells.upstream();
        int[] out = IntStream.range(0, cells.size()).filter(i -> upstream[i]).toArray();
        int[] in = IntStream.range(0, cells.size()).filter(i -> !upstream[i]).toArray();
        Series series = new Series();
        counts(series, upstream, out.length, in.length);
        series.summary(doubles(out));
        series.summary(doubles(in));
        concentration(series, upstream);
        rate(series, cells.seconds());
        for (double[] seconds : new double[][] {cells.seconds(), at(cells, out), at(cells, in)}) {
            double[] gaps = IntStream.range(1, seconds.length).mapToDouble(i -> seconds[i] - seconds[i - 1]).toArray();
            series.summary(gaps);
            series.quantiles(gaps, 0.75);
            series.quantiles(seconds, 0.25, 0.5, 0.75, 1);
        }
        return series.toArray();
    }

    private static double[] doubles(int[] places) {
        return Arrays.stream(places).asDoubleStream().toArray();
    }

    private static double[] at(Cells cells, int[] places) {
        return Arrays.stream(places).mapToDouble(i -> cells.seconds()[i]).toArray();
    }

    private static void counts(Series series, boolean[] upstream, int out, int in) {
        int all = Math.max(1, out + in);
        series.add(out + in);
        series.add(out);
        series.add(in);
        series.add((double) out / all);
        series.add((double) in / all);
        int first = Math.min(ENDS, upstream.length);
        series.add(IntStream.range(0, first).filter(i -> upstream[i]).count());
        series.add(IntStream.range(0, first).filter(i -> !upstream[i]).count());
        series.add(IntStream.range(upstream.length - first, upstream.length).filter(i -> upstream[i]).count());
        series.add(IntStream.range(upstream.length - first, upstream.length).filter(i -> !upstream[i]).count());
    }

    /** How many of each 20 cells go out. */
    private static void concentration(Series series, boolean[] upstream) {
        double[] chunks = new double[(upstream.length + CHUNK - 1) / CHUNK];
        for (int i = 0; i < upstream.length; i++) {
            chunks[i / CHUNK] += upstream[i] ? 1 : 0;
        }
        series.summary(chunks);
        series.parts(chunks, PARTS);
    }

    /** How many cells pass in each second. */
    private static void rate(Series series, double[] seconds) {
        int length = seconds.length == 0 ? 0 : (int) seconds[seconds.length - 1] + 1;
        double[] rates = new double[Math.min(length, 3600)];
        for (double second : seconds) {
            if (second < rates.length) {
                rates[(int) second]++;
            }
        }
        series.summary(rates);
        series.parts(rates, PARTS);
    }
}
