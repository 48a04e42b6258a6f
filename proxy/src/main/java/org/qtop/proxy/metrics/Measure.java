package org.qtop.proxy.metrics;

/** Each thing whose distribution is kept, by its conventional Prometheus name without the prefix {@code qtop_}. */
public enum Measure {
    /** Planned holds. */
    HOLD("hold_seconds", "Planned holds of released streams.", true),
    /** Actual less planned release. */
    LATENESS("release_lateness_seconds", "How much later than planned streams were released.", true),
    /** What Tor takes, the hold left out. */
    SETUP("stream_setup_seconds", "Time from a stream's release to Tor's reply; its hold is not in it.", true),
    /** Bytes a stream sent towards Tor. */
    UPSTREAM("stream_upstream_bytes", "Bytes that one stream sent towards Tor once it was released.", false),
    /** Bytes a stream got from Tor. */
    DOWNSTREAM("stream_downstream_bytes", "Bytes that one stream got from Tor once it was released.", false);

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long[] TIME_BOUNDS = {10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
        2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000,
        1_000_000_000, 2_500_000_000L, 5_000_000_000L, 10_000_000_000L, 30_000_000_000L, 60_000_000_000L};
    private static final long[] BYTE_BOUNDS = {256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304,
        16_777_216, 67_108_864, 268_435_456, 1_073_741_824};

    private final String id;
    private final String help;
    private final boolean time;

    Measure(String id, String help, boolean time) {
        this.id = id;
        this.help = help;
        this.time = time;
    }

    /**
     * The conventional name.
     *
     * @return lower case with underscores, ending in its unit
     */
    public String id() {
        return id;
    }

    /**
     * What is measured.
     *
     * @return one sentence
     */
    public String help() {
        return help;
    }

    /**
     * How many recorded units one exposed unit has.
     *
     * @return 1e9 for times, which are recorded in nanoseconds and shown in seconds; 1 for bytes
     */
    public double scale() {
        return time ? NANOS_PER_SECOND : 1;
    }

    /** Upper bounds of the buckets, in recorded units, rising; one more bucket takes what is above the last. */
    long[] bounds() {
        return time ? TIME_BOUNDS : BYTE_BOUNDS;
    }
}
