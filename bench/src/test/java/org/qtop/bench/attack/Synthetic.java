package org.qtop.bench.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

/** Flows of a simple model: what passes one end passes the other later, each chunk with a jitter of its own. */
final class Synthetic {

    static final long MILLI = 1_000_000;
    private static final long GAP = 20_000 * MILLI;

    private final SplittableRandom random;
    private final long seed;
    private int sites = 8;
    private int perCircuit = 5;
    private long maxHold;
    private boolean constantRate;
    private int oddBytes;

    Synthetic(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    Synthetic sites(int count) {
        sites = count;
        return this;
    }

    Synthetic perCircuit(int count) {
        perCircuit = count;
        return this;
    }

    /** Each visit is held, evenly up to so long. */
    Synthetic held(long nanos) {
        maxHold = nanos;
        return this;
    }

    /** The guard sees one cell each way every 20 ms for 6 s, whatever passes. */
    Synthetic constantRate() {
        constantRate = true;
        return this;
    }

    /** Chunks at the guard have so many bytes more for each site above the first; the cells stay the same. */
    Synthetic oddBytes(int bytes) {
        oddBytes = bytes;
        return this;
    }

    /** Makes flows that begin one after the other. */
    List<Flow> flows(int count) {
        List<Flow> flows = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            flows.add(flow(id, id / perCircuit, random.nextInt(sites), id * GAP));
        }
        return flows;
    }

    private Flow flow(int id, int circuit, int site, long start) {
        long held = maxHold == 0 ? 0 : random.nextLong(maxHold);
        long latency = 80 * MILLI + random.nextLong(120 * MILLI);
        SplittableRandom page = new SplittableRandom(seed ^ (site + 1) * 0x9E3779B97F4A7C15L);
        List<long[]> guard = new ArrayList<>();
        List<long[]> destination = new ArrayList<>();
        long now = start + held + random.nextLong(MILLI / 10 + 1);
        int requests = 4 + page.nextInt(6);
        for (int request = 0; request < requests; request++) {
            long sent = now;
            add(guard, sent, true, 1, site);
            add(destination, sent + latency + jitter(), true, 1, 0);
            long answered = sent + latency + page.nextLong(30 * MILLI) + jitter();
            int cells = 1 + page.nextInt(60) + random.nextInt(8);
            for (int cell = 0; cell < cells; cell += 5) {
                answered += jitter() / 4;
                add(destination, answered, false, Math.min(5, cells - cell), 0);
                add(guard, answered + latency + jitter(), false, Math.min(5, cells - cell), site);
            }
            now = sent + page.nextLong(400 * MILLI) + random.nextLong(600 * MILLI);
        }
        Trace seen = constantRate ? constant(start + held) : trace(guard);
        return new Flow(id, circuit, site, start, Trace.EMPTY, seen, trace(destination));
    }

    private long jitter() {
        return (long) (-Math.log(1 - random.nextDouble()) * 8 * MILLI);
    }

    private void add(List<long[]> chunks, long at, boolean upstream, int cells, int site) {
        long bytes = cells * 514L + oddBytes * (long) site;
        chunks.add(new long[] {at, upstream ? bytes : -bytes});
    }

    private static Trace trace(List<long[]> chunks) {
        chunks.sort((a, b) -> Long.compare(a[0], b[0]));
        Trace.Builder builder = new Trace.Builder();
        chunks.forEach(chunk -> builder.add(chunk[0], chunk[1] > 0, (int) Math.abs(chunk[1])));
        return builder.build();
    }

    private static Trace constant(long from) {
        Trace.Builder builder = new Trace.Builder();
        for (int tick = 0; tick < 300; tick++) {
            builder.add(from + tick * 20 * MILLI, true, 514);
            builder.add(from + tick * 20 * MILLI, false, 514);
        }
        return builder.build();
    }
}
