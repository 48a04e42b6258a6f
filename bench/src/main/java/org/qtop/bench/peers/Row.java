package org.qtop.bench.peers;

/** What is measured, in the order of the table. */
enum Row {

    /** The middle of the latencies of set-ups, one after the other. */
    SETUP(Part.SETUP, "set-up p50, one at a time", "us", true),
    /** The same, of the slowest hundredth. */
    SETUP_P99(Part.SETUP, "set-up p99, one at a time", "us", true),
    /** Set-ups a second with 256 under way. */
    SETUP_RATE(Part.RATE, "set-ups a second, 256 at a time", "/s", true),
    /** Set-ups a second with 16 under way, through a real Tor. */
    SETUP_RATE_16(Part.RATE, "set-ups a second, 16 at a time", "/s", true),
    /** Processor time of one set-up, of all of the peer's processes. */
    SETUP_CPU(Part.RATE, "CPU a set-up, 256 at a time", "us", false),
    /** Set-ups when they are due, 500 a second, timed from then. */
    OPEN_P50(Part.OPEN, "set-up p50, 500 a second, open loop", "us", true),
    /** The same, of the slowest hundredth. */
    OPEN_P99(Part.OPEN, "set-up p99, 500 a second, open loop", "us", true),
    /** One stream that downloads. */
    DOWN_1(Part.BULK, "download, 1 stream", "MB/s", true),
    /** Eight. */
    DOWN_8(Part.BULK, "download, 8 streams", "MB/s", true),
    /** One stream that uploads. */
    UP_1(Part.BULK, "upload, 1 stream", "MB/s", true),
    /** Eight. */
    UP_8(Part.BULK, "upload, 8 streams", "MB/s", true),
    /** Processor time for what eight streams download, of all of the peer's processes. */
    DOWN_CPU(Part.BULK, "CPU a GB, download, 8 streams", "s", false),
    /** Processor time for what eight streams upload. */
    UP_CPU(Part.BULK, "CPU a GB, upload, 8 streams", "s", false),
    /** The middle of the round trips on one open stream. */
    PING(Part.PING, "ping-pong p50", "us", true),
    /** The slowest hundredth. */
    PING_P99(Part.PING, "ping-pong p99", "us", true),
    /** The middle of the round trips while another stream downloads. */
    MIXED(Part.MIXED, "ping-pong p50 during a download", "us", true),
    /** The slowest hundredth. */
    MIXED_P99(Part.MIXED, "ping-pong p99 during a download", "us", true),
    /** From the start of the process to the first stream. */
    START(Part.START, "start to first stream", "ms", false),
    /** Memory after the first stream. */
    MEMORY_START(Part.START, "memory at start", "MB", false),
    /** Memory with 5,000 streams that say nothing. */
    MEMORY_IDLE(Part.MEMORY, "memory with 5,000 idle streams", "MB", false),
    /** How much more that is than before, a stream. */
    MEMORY_STREAM(Part.MEMORY, "memory an idle stream", "KB", false),
    /** Memory a minute after every load there is. */
    MEMORY_AFTER(Part.MEMORY, "memory a minute after load", "MB", false);

    private final Part part;
    private final String title;
    private final String unit;
    private final boolean ratio;

    Row(Part part, String title, String unit, boolean ratio) {
        this.part = part;
        this.title = title;
        this.unit = unit;
        this.ratio = ratio;
    }

    /** Which part of a round measures it. */
    Part part() {
        return part;
    }

    /** What stands in the table. */
    String title() {
        return title;
    }

    /** The unit of its values. */
    String unit() {
        return unit;
    }

    /** Whether a ratio to no proxy at all makes sense. */
    boolean ratio() {
        return ratio;
    }
}
