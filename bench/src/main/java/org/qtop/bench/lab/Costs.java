package org.qtop.bench.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

/**
 * What a mode costs. Immutable.
 *
 * @param flows how many flows it is about
 * @param upBytes mean bytes from a client to its guard in a flow
 * @param downBytes mean bytes the other way
 * @param firstByteP50 median milliseconds from the act to the first byte of an answer
 * @param firstByteP95 the same, 95 %
 * @param wholeP50 median milliseconds from the act to the last byte
 * @param wholeP95 the same, 95 %
 * @param cpuMillis processor time of qtop and the client's Tor for a flow, milliseconds; NaN if not measured
 */
record Costs(int flows, double upBytes, double downBytes, double firstByteP50, double firstByteP95, double wholeP50,
        double wholeP95, double cpuMillis) {

    private static final double MILLI = 1e6;

    static Costs of(List<Flow> flows, double cpuMillis) {
        double[] first = new double[flows.size()];
        double[] whole = new double[flows.size()];
        long up = 0;
        long down = 0;
        for (int i = 0; i < flows.size(); i++) {
            Flow flow = flows.get(i);
            Trace application = flow.application();
            first[i] = (firstDown(application) - flow.startNanos()) / MILLI;
            whole[i] = (application.nanos(application.size() - 1) - flow.startNanos()) / MILLI;
            for (int k = 0; k < flow.guard().size(); k++) {
                up += flow.guard().isUpstream(k) ? flow.guard().bytes(k) : 0;
                down += flow.guard().isUpstream(k) ? 0 : flow.guard().bytes(k);
            }
        }
        return new Costs(flows.size(), (double) up / flows.size(), (double) down / flows.size(), quantile(first, 0.5),
                quantile(first, 0.95), quantile(whole, 0.5), quantile(whole, 0.95), cpuMillis);
    }

    private static long firstDown(Trace trace) {
        for (int i = 0; i < trace.size(); i++) {
            if (!trace.isUpstream(i)) {
                return trace.nanos(i);
            }
        }
        return trace.nanos(trace.size() - 1);
    }

    static double quantile(double[] values, double part) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
    }

    /** Notes the processor time of some flows in a mode's file; lines of two numbers, so that a cut loses one. */
    static void note(Path file, int flows, long cpuNanos) throws IOException {
        Files.writeString(file, String.format(Locale.ROOT, "%d %d%n", flows, cpuNanos), StandardCharsets.US_ASCII,
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Mean milliseconds a flow, or NaN if nothing was noted. */
    static double cpuMillis(Path file) throws IOException {
        long flows = 0;
        long nanos = 0;
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
                String[] words = line.strip().split(" ");
                if (words.length == 2) {
                    flows += Long.parseLong(words[0]);
                    nanos += Long.parseLong(words[1]);
                }
            }
        }
        return flows == 0 ? Double.NaN : nanos / MILLI / flows;
    }
}
