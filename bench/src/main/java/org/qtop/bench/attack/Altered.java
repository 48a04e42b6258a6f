package org.qtop.bench.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

/** Flows from which what an attack is after was taken away, or where it lies open. Immutable, thread-safe. */
final class Altered {

    private static final long MILLI = 1_000_000;
    private static final long LATENCY = 100 * MILLI;
    private static final long TICK = 20 * MILLI;
    private static final int TICKS = 750;

    private final List<Flow> flows;
    private final AttackSettings settings;

    Altered(List<Flow> flows, AttackSettings settings) {
        this.flows = flows;
        this.settings = settings;
    }

    /** Chunks in any order. Confined to one thread. */
    private static final class Chunks {

        private final List<long[]> chunks = new ArrayList<>();

        void add(long nanos, boolean upstream, int bytes) {
            chunks.add(new long[] {nanos, upstream ? bytes : -bytes});
        }

        Trace build() {
            chunks.sort(Comparator.comparingLong(chunk -> chunk[0]));
            Trace.Builder builder = new Trace.Builder();
            chunks.forEach(chunk -> builder.add(chunk[0], chunk[1] > 0, (int) Math.abs(chunk[1])));
            return builder.build();
        }
    }

    private static Trace shifted(Trace trace, long up, long down) {
        Chunks chunks = new Chunks();
        for (int k = 0; k < trace.size(); k++) {
            chunks.add(trace.nanos(k) + (trace.isUpstream(k) ? up : down), trace.isUpstream(k), trace.bytes(k));
        }
        return chunks.build();
    }

    private static Flow with(Flow flow, Trace guard, Trace destination) {
        return new Flow(flow.id(), flow.circuit(), flow.label(), flow.startNanos(), flow.application(), guard,
                destination);
    }

    private static Flow with(Flow flow, int label, long start) {
        return new Flow(flow.id(), flow.circuit(), label, start, flow.application(), flow.guard(),
                flow.destination());
    }

    private int[] permutation() {
        int[] order = IntStream.range(0, flows.size()).toArray();
        SplittableRandom random = new SplittableRandom(settings.seed() ^ 0x5EED);
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return order;
    }

    /** Each flow gets the destination of another, moved to its own time. */
    List<Flow> destinationsExchanged() {
        int[] order = permutation();
        return IntStream.range(0, order.length).mapToObj(i -> {
            Flow other = flows.get(order[i]);
            long move = Bins.origin(flows.get(i)) - Bins.origin(other);
            return with(flows.get(i), flows.get(i).guard(), shifted(other.destination(), move, move));
        }).toList();
    }

    /** Each flow gets the guard's view of another, moved to its own time. */
    List<Flow> guardsExchanged() {
        int[] order = permutation();
        return IntStream.range(0, order.length).mapToObj(i -> {
            Flow other = flows.get(order[i]);
            long move = Bins.origin(flows.get(i)) - Bins.origin(other);
            return with(flows.get(i), shifted(other.guard(), move, move), flows.get(i).destination());
        }).toList();
    }

    /** The guard sees a cell each way every 20 ms for 15 s, whatever the destination sees. */
    List<Flow> constantRate() {
        return flows.stream().map(flow -> {
            Trace.Builder guard = new Trace.Builder();
            for (int tick = 0; tick < TICKS; tick++) {
                guard.add(Bins.origin(flow) + tick * TICK, true, Cells.BYTES);
                guard.add(Bins.origin(flow) + tick * TICK, false, Cells.BYTES);
            }
            return with(flow, guard.build(), flow.destination());
        }).toList();
    }

    /** The destination sees what the guard sees, 100 ms later upstream and earlier downstream. */
    List<Flow> destinationsSeeGuard() {
        return flows.stream().map(flow -> with(flow, flow.guard(), shifted(flow.guard(), LATENCY, -LATENCY))).toList();
    }

    /** The guard sees a cell every 20 ms for 15 s towards the client, held back as each flow's watermark says. */
    List<Flow> marked() {
        return flows.stream().map(flow -> {
            Watermark mark = Watermark.of(settings.watermarkSeed(), flow.id());
            Chunks guard = new Chunks();
            guard.add(Bins.origin(flow), true, Cells.BYTES);
            for (int tick = 0; tick < TICKS; tick++) {
                guard.add(Bins.origin(flow) + LATENCY + mark.release(tick * TICK), false, Cells.BYTES);
            }
            Trace destination = new Trace.Builder().add(Bins.origin(flow), true, Cells.BYTES).build();
            return with(flow, guard.build(), destination);
        }).toList();
    }

    /** Each flow gets the label of another. */
    List<Flow> labelsExchanged() {
        int[] order = permutation();
        return IntStream.range(0, order.length).mapToObj(i ->
                with(flows.get(i), flows.get(order[i]).label(), flows.get(i).startNanos())).toList();
    }

    /** The guard sees more chunks, and larger ones, the higher the label is. */
    List<Flow> labelsWritten() {
        int[] labels = flows.stream().mapToInt(Flow::label).distinct().sorted().toArray();
        return flows.stream().map(flow -> {
            int place = Arrays.binarySearch(labels, flow.label());
            Trace.Builder guard = new Trace.Builder();
            for (int tick = 0; tick < 20 + 10 * place; tick++) {
                guard.add(Bins.origin(flow) + tick * TICK, tick % 4 == 0, Cells.BYTES * (1 + place));
            }
            return with(flow, guard.build(), flow.destination());
        }).toList();
    }

    /** Each action is moved back by a time drawn evenly from a span twenty times the longest distance. */
    List<Flow> actionsDrawnAnew() {
        long longest = settings.spacings().stream().mapToLong(Spacing::nanos).max().orElse(1);
        SplittableRandom random = new SplittableRandom(settings.seed() ^ 0xAC7);
        return flows.stream().map(flow ->
                with(flow, flow.label(), flow.startNanos() - random.nextLong(20 * longest))).toList();
    }

    /** Each action is at the very moment of its first chunk at the guard. */
    List<Flow> actionsAtFirstChunk() {
        return flows.stream().map(flow -> with(flow, flow.label(), Bins.origin(flow))).toList();
    }
}
