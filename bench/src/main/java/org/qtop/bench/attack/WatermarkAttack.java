package org.qtop.bench.attack;

import java.util.List;
import java.util.stream.IntStream;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

/**
 * Looks at the guard for the {@link Watermark} that the destination wrote: all keys against all flows. Immutable,
 * thread-safe.
 *
 * <p>For each pair of intervals that holds bytes, the share by which one interval outweighs the other counts for or
 * against the key; the sum over the square root of the number of such pairs is the score, at the latency from
 * destination to guard that suits best.
 */
final class WatermarkAttack extends CorrelationAttack {

    /** Steps of an interval in which the latency is searched. */
    private static final int STEPS = 5;
    private static final long STEP_NANOS = Watermark.INTERVAL_NANOS / STEPS;
    /** Latencies up to this many steps are tried: 600 ms. */
    private static final int LATENCIES = 15;

    WatermarkAttack() {
        super("watermark", "interval watermark, Pyun, Park, Wang, Reeves and Ning, \"Tracing Traffic through "
                + "Intermediate Hosts that Repacketize Flows\", INFOCOM 2007", false);
    }

    @Override
    public Task task() {
        return Task.MARK;
    }

    @Override
    PairScorer train(List<Flow> training, List<Flow> validation, AttackSettings settings, long seed) {
        return flows -> {
            long[][] running = flows.stream().map(WatermarkAttack::running).toArray(long[][]::new);
            return IntStream.range(0, flows.size()).parallel().mapToObj(i -> {
                Watermark mark = Watermark.of(settings.watermarkSeed(), flows.get(i).id());
                int start = start(flows.get(i));
                float[] row = new float[running.length];
                for (int j = 0; j < row.length; j++) {
                    row[j] = best(mark, running[j], start);
                }
                return row;
            }).toArray(float[][]::new);
        };
    }

    /** Downstream bytes at the guard before each step of time since the flow's origin. */
    private static long[] running(Flow flow) {
        long[] sums = new long[2 * Watermark.PAIRS * STEPS + 1];
        Trace guard = flow.guard();
        long origin = Bins.origin(flow);
        for (int k = 0; k < guard.size(); k++) {
            long step = (guard.nanos(k) - origin) / STEP_NANOS;
            if (!guard.isUpstream(k) && guard.nanos(k) >= origin && step < sums.length - 1) {
                sums[(int) step + 1] += guard.bytes(k);
            }
        }
        for (int step = 1; step < sums.length; step++) {
            sums[step] += sums[step - 1];
        }
        return sums;
    }

    /** The step at which the destination's clock for the watermark began. */
    private static int start(Flow flow) {
        Trace destination = flow.destination();
        for (int k = 0; k < destination.size(); k++) {
            if (destination.isUpstream(k)) {
                return (int) Math.max(0, Math.min(Integer.MAX_VALUE / 2,
                        (destination.nanos(k) - Bins.origin(flow)) / STEP_NANOS));
            }
        }
        return 0;
    }

    private static float best(Watermark mark, long[] running, int start) {
        float best = Float.NEGATIVE_INFINITY;
        for (int latency = 0; latency <= LATENCIES; latency++) {
            best = Math.max(best, score(mark, running, start + latency));
        }
        return best;
    }

    private static float score(Watermark mark, long[] running, int from) {
        double sum = 0;
        int filled = 0;
        int at = from;
        for (int pair = 0; pair < Watermark.PAIRS && at + 2 * STEPS < running.length; pair++, at += 2 * STEPS) {
            long first = running[at + STEPS] - running[at];
            long both = running[at + 2 * STEPS] - running[at];
            if (both > 0) {
                sum += mark.sign(pair) * (2.0 * first - both) / both;
                filled++;
            }
        }
        return filled == 0 ? 0 : (float) (sum / Math.sqrt(filled));
    }
}
