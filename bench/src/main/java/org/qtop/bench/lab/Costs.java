package org.qtop.bench.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.qtop.bench.attack.statistics.Interval;
import org.qtop.bench.attack.statistics.Resample;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

/**
 * What a mode costs, each figure with its 95 % interval. Immutable.
 *
 * @param flows how many flows it is about
 * @param upBytes mean bytes from a client to its guard in a flow
 * @param downBytes mean bytes the other way
 * @param firstByteP50 median milliseconds from the act to the first byte of an answer
 * @param firstByteP95 the same, 95 %
 * @param wholeP50 median milliseconds from the act to the last byte
 * @param wholeP95 the same, 95 %
 * @param cpuMillis mean processor time of qtop and the client's Tor for a flow, milliseconds; NaN if not measured
 */
record Costs(int flows, Interval upBytes, Interval downBytes, Interval firstByteP50, Interval firstByteP95,
        Interval wholeP50, Interval wholeP95, Interval cpuMillis) {

    private static final double MILLI = 1e6;

    /**
     * Counts.
     *
     * @param flows of one mode, in any order
     * @param cpu the mode's file of {@link #note}; need not be there
     * @param draws for the intervals
     * @param seed where the draws come from
     */
    static Costs of(List<Flow> flows, Path cpu, int draws, long seed) throws IOException {
        Intervals intervals = new Intervals(new Resample(flows.stream().mapToInt(Flow::circuit).toArray(), seed),
                draws);
        double[] first = flows.stream().mapToDouble(flow -> since(flow, firstDown(flow.application()))).toArray();
        double[] whole = flows.stream().mapToDouble(flow -> since(flow,
                flow.application().nanos(flow.application().size() - 1))).toArray();
        return new Costs(flows.size(), intervals.mean(flows.stream().mapToDouble(flow -> bytes(flow, true)).toArray()),
                intervals.mean(flows.stream().mapToDouble(flow -> bytes(flow, false)).toArray()),
                intervals.quantile(first, 0.5), intervals.quantile(first, 0.95), intervals.quantile(whole, 0.5),
                intervals.quantile(whole, 0.95), cpuMillis(cpu, draws, seed));
    }

    private static double since(Flow flow, long nanos) {
        return (nanos - flow.startNanos()) / MILLI;
    }

    private static double bytes(Flow flow, boolean upstream) {
        long sum = 0;
        for (int k = 0; k < flow.guard().size(); k++) {
            sum += flow.guard().isUpstream(k) == upstream ? flow.guard().bytes(k) : 0;
        }
        return sum;
    }

    private static long firstDown(Trace trace) {
        for (int i = 0; i < trace.size(); i++) {
            if (!trace.isUpstream(i)) {
                return trace.nanos(i);
            }
        }
        return trace.nanos(trace.size() - 1);
    }

    /** Notes the processor time of some flows in a mode's file; lines of two numbers, so that a cut loses one. */
    static void note(Path file, int flows, long cpuNanos) throws IOException {
        Files.writeString(file, String.format(Locale.ROOT, "%d %d%n", flows, cpuNanos), StandardCharsets.US_ASCII,
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Mean milliseconds a flow over the stretches that were noted, drawn as wholes; NaN if none was. */
    private static Interval cpuMillis(Path file, int draws, long seed) throws IOException {
        List<String[]> stretches = !Files.exists(file) ? List.of()
                : Files.readAllLines(file, StandardCharsets.US_ASCII).stream().map(line -> line.strip().split(" "))
                        .filter(words -> words.length == 2).toList();
        if (stretches.isEmpty()) {
            return new Interval(Double.NaN, Double.NaN, Double.NaN);
        }
        double[] flows = stretches.stream().mapToDouble(words -> Long.parseLong(words[0])).toArray();
        double[] millis = stretches.stream().mapToDouble(words -> Long.parseLong(words[1]) / MILLI).toArray();
        return new Intervals(new Resample(IntStream.range(0, flows.length).toArray(), seed), draws)
                .ratio(millis, flows);
    }
}
