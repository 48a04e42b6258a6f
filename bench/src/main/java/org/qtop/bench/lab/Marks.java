package org.qtop.bench.lab;

/** The destination's marks on the downloads that are for that. Stateless. */
final class Marks {

    private static final int BYTES = 400_000;

    private Marks() {
    }

    static Plan plan(Workload workload, int flow) {
        return workload.marked(flow, BYTES);
    }

    static Marker of(long seed, int flow) {
        return Marker.NONE;
    }
}
