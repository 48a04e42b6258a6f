package org.qtop.bench.lab;

import java.util.Arrays;
import java.util.List;

/** What flows are taken for. */
enum Task {
    /** Visits to sites and other traffic, one circuit a flow: for correlation, fingerprinting and sizes. */
    TRAFFIC("traffic", Mode.forTraffic(), 8),
    /** Single small requests on circuits that are there: for the time of an action. */
    ACTION("action", Arrays.asList(Mode.values()), 20),
    /** Downloads that the destination marks. */
    WATERMARK("watermark", Mode.forTraffic(), 5);

    private final String key;
    private final List<Mode> modes;
    private final int block;

    Task(String key, List<Mode> modes, int block) {
        this.key = key;
        this.modes = modes;
        this.block = block;
    }

    /** What files call it. */
    String key() {
        return key;
    }

    /** The modes that it makes sense for. */
    List<Mode> modes() {
        return modes;
    }

    /** How many flows one client takes in a mode before it may change to another. */
    int block() {
        return block;
    }
}
