package org.qtop.bench.lab;

import java.util.SplittableRandom;

/** Makes the orders of each task: the same flow number is the same plan in every mode. Immutable. */
final class Orders {

    private static final long MILLI = 1_000_000;
    /** The guard's view of an action begins at a moment that tells nothing about it. */
    private static final long LEAST_LEAD = 10 * MILLI;
    private static final long MOST_LEAD = 60 * MILLI;
    private static final long TAIL = 150 * MILLI;
    private static final long ACTION_TAIL = 40 * MILLI;
    private static final double MEAN_PAUSE_MILLIS = 40;

    private final long seed;
    private final Workload workload;

    /** Of sites so many are visited. */
    Orders(long seed, int sites) {
        this.seed = seed;
        this.workload = new Workload(seed, sites);
    }

    /** Where all draws come from. */
    long seed() {
        return seed;
    }

    /**
     * Makes an order.
     *
     * @param unit a number for the client's stretch of flows, other than any other stretch's of this run
     * @param id the flow's number
     */
    LabClient.Order order(Task task, int unit, int id) {
        return switch (task) {
            case TRAFFIC -> new LabClient.Order(id, id, "t" + unit + "-" + id, workload.traffic(id), 0, TAIL,
                    Marker.NONE);
            case ACTION -> new LabClient.Order(id, id / task.block(), "a" + unit, workload.action(id),
                    lead(id), ACTION_TAIL, Marker.NONE);
            case WATERMARK -> new LabClient.Order(id, id, "w" + unit + "-" + id, Marks.plan(workload, id), 0, TAIL,
                    Marks.of(seed, id));
        };
    }

    private long lead(int id) {
        return Draws.of(seed, "lead", id).nextLong(LEAST_LEAD, MOST_LEAD);
    }

    /** How long a user rests before a flow: longer than the longest lead, so that the flow before is out of sight. */
    long pauseMillis(Task task, int id) {
        SplittableRandom random = Draws.of(seed, "pause", id);
        return task == Task.ACTION ? MOST_LEAD / MILLI + (long) Draws.exponential(random, MEAN_PAUSE_MILLIS) : 20;
    }
}
