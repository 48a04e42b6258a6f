package org.qtop.bench.lab;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qtop.bench.attack.AttackSettings;

/**
 * How much a run takes on.
 */
enum Preset {
    /** To see that the chain holds together: figures that mean nothing. */
    SMOKE("smoke", 2, 3, 3, 1, 20, 100, 10, List.of(Mode.DIRECT, Mode.REQUEST), Duration.ofMinutes(6)),
    /** At most twelve minutes on two cores. */
    QUICK("quick", Workload.SITES, 9, 28, 2, 300, 400, 60, List.of(Mode.values()), Duration.ofMinutes(7)),
    /** At most three hours on two cores. */
    FULL("full", Workload.SITES, 9, 28, 2, 5_000, 5_000, 500, List.of(Mode.values()), Duration.ofMinutes(120));

    private static final int BIN_MILLIS = 30;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final String key;
    private final int sites;
    private final int exits;
    private final int clients;
    private final int others;
    private final int traffic;
    private final int action;
    private final int watermark;
    private final List<Mode> modes;
    private final Duration capture;

    Preset(String key, int sites, int exits, int clients, int others, int traffic, int action, int watermark,
            List<Mode> modes, Duration capture) {
        this.key = key;
        this.sites = sites;
        this.exits = exits;
        this.clients = clients;
        this.others = others;
        this.traffic = traffic;
        this.action = action;
        this.watermark = watermark;
        this.modes = modes;
        this.capture = capture;
    }

    /** What options call it. */
    String key() {
        return key;
    }

    /** How large the testbed is. */
    Testbed.Size size(long seed) {
        return new Testbed.Size(exits, clients, others, seed);
    }

    /** What flows are, drawn from a seed. */
    Orders orders(long seed) {
        return new Orders(seed, sites);
    }

    /** How many flows of each task a mode gets; the other tasks keep their proportion to the flows asked for. */
    Map<Task, Integer> counts(int flows) {
        int asked = flows == 0 ? traffic : flows;
        Map<Task, Integer> counts = new LinkedHashMap<>();
        // The cheapest first, so that a run that is short of time lacks flows of one task only.
        counts.put(Task.ACTION, scaled(action, asked));
        counts.put(Task.WATERMARK, scaled(watermark, asked));
        counts.put(Task.TRAFFIC, asked);
        return counts;
    }

    private int scaled(int count, int asked) {
        return (int) Math.max(10, (long) count * asked / traffic);
    }

    /** Modes where none are named. */
    List<Mode> modes() {
        return modes;
    }

    /** How long flows may be taken. */
    Duration capture() {
        return capture;
    }

    /** How hard the attacks try. */
    AttackSettings attackSettings(long seed) {
        return switch (this) {
            // A dozen flows have to be seen often before a network knows them.
            case SMOKE -> new AttackSettings(seed, 1, 200, BIN_MILLIS * NANOS_PER_MILLI, 500, 16, 20, 100, List.of(),
                    seed);
            case QUICK -> new AttackSettings(seed, 3, 2_000, BIN_MILLIS * NANOS_PER_MILLI, 300, 16, 50, 15, List.of(),
                    seed);
            case FULL -> AttackSettings.full(seed);
        };
    }
}
