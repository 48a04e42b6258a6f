package org.qtop.bench.peers;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.qtop.bench.load.LoadException;
import org.qtop.bench.load.PingPong;
import org.qtop.bench.load.SetupLoad;
import org.qtop.bench.load.StandInTor;
import org.qtop.bench.load.Streams;
import org.qtop.bench.load.Target;

/** One peer in one round. Not thread-safe. */
final class Measurement {

    private static final int AT_ONCE = 256;
    private static final int OPEN_RATE = 500;
    private static final int MANY = 8;
    private static final int IDLE = 5_000;
    private static final double HALF = 50;
    private static final double MOST = 99;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double BYTES_PER_MB = 1e6;
    private static final double BYTES_PER_GB = 1e9;
    private static final double KB_PER_MB = 1e3;
    /** Beside a download, pings are sent when they are due, so that a stall counts for each that falls into it. */
    private static final Duration BETWEEN_PINGS = Duration.ofMillis(1);
    private static final Duration COOL = Duration.ofMinutes(1);
    private static final Duration SETTLE = Duration.ofMillis(1_500);

    private final PeerProcess peer;
    private final Target target;
    private final StandInTor tor;
    private final Duration time;
    private final Duration warm;
    private final Map<Row, Double> values = new EnumMap<>(Row.class);

    /**
     * Nothing is measured yet.
     *
     * @param peer which runs
     * @param tor behind it
     * @param time how long each row is measured
     * @param warm how long each part is warmed up
     */
    Measurement(PeerProcess peer, StandInTor tor, Duration time, Duration warm) {
        this.peer = peer;
        this.target = Target.standIn(peer.address());
        this.tor = tor;
        this.time = time;
        this.warm = warm;
    }

    /** Measures. */
    Map<Row, Double> run(Set<Part> parts) throws IOException {
        if (!peer.peer().direct() && (parts.contains(Part.START) || parts.contains(Part.MEMORY))) {
            put(Row.START, peer.startMillis());
            PeerProcess.pause(SETTLE);
            put(Row.MEMORY_START, peer.megabytes());
        }
        if (!peer.peer().direct() && parts.contains(Part.MEMORY)) {
            idle();
        }
        if (parts.contains(Part.SETUP) || parts.contains(Part.RATE) || parts.contains(Part.OPEN)) {
            new SetupLoad(target).together(AT_ONCE, warm.toNanos());
            Ports.awaitFree();
        }
        setups(parts);
        if (parts.contains(Part.BULK)) {
            bulk();
        }
        if (parts.contains(Part.PING)) {
            pingPong(Duration.ZERO, Row.PING, Row.PING_P99);
        }
        if (parts.contains(Part.MIXED)) {
            mixed();
        }
        if (!peer.peer().direct() && parts.contains(Part.MEMORY)) {
            after();
        }
        return values;
    }

    private void put(Row row, double value) {
        values.put(row, value);
    }

    private void latencies(Histogram latency, Row half, Row most) {
        put(half, latency.getValueAtPercentile(HALF) / NANOS_PER_MICRO);
        put(most, latency.getValueAtPercentile(MOST) / NANOS_PER_MICRO);
    }

    private void setups(Set<Part> parts) throws IOException {
        SetupLoad load = new SetupLoad(target);
        if (parts.contains(Part.SETUP)) {
            Apart apart = new Apart();
            latencies(load.oneAtATime(time.toNanos()), Row.SETUP, Row.SETUP_P99);
            apart.close();
        }
        if (parts.contains(Part.RATE)) {
            double before = peer.cpuSeconds();
            long count = load.together(AT_ONCE, time.toNanos()).getTotalCount();
            failures(load, count);
            put(Row.SETUP_RATE, count * NANOS_PER_SECOND / time.toNanos());
            if (!peer.peer().direct()) {
                put(Row.SETUP_CPU, (peer.cpuSeconds() - before) * MICROS_PER_SECOND / load.finished());
            }
            Ports.awaitFree();
        }
        if (parts.contains(Part.OPEN)) {
            Histogram latency = load.open(OPEN_RATE, time.toNanos());
            failures(load, latency.getTotalCount());
            latencies(latency, Row.OPEN_P50, Row.OPEN_P99);
        }
    }

    private void failures(SetupLoad load, long count) throws LoadException {
        if (load.failed() > 0) {
            throw new LoadException(load.failed() + " set-ups failed beside " + count + " that did not");
        }
    }

    private void bulk() throws IOException {
        put(Row.DOWN_1, download(1, null));
        put(Row.DOWN_8, download(MANY, Row.DOWN_CPU));
        put(Row.UP_1, upload(1, null));
        put(Row.UP_8, upload(MANY, Row.UP_CPU));
    }

    private double download(int count, Row cpu) throws IOException {
        try (Streams streams = Streams.download(target, count)) {
            return megabytesASecond(streams::received, cpu);
        }
    }

    private double upload(int count, Row cpu) throws IOException {
        Streams streams = Streams.upload(target, count);
        try {
            return megabytesASecond(tor::discarded, cpu);
        } finally {
            streams.close();
        }
    }

    /** A count of bytes. */
    private interface Bytes {
        long now();
    }

    private double megabytesASecond(Bytes bytes, Row cpu) throws IOException {
        PeerProcess.pause(warm.dividedBy(2));
        long begun = System.nanoTime();
        long before = bytes.now();
        double cpuBefore = peer.cpuSeconds();
        PeerProcess.pause(time);
        double used = peer.cpuSeconds() - cpuBefore;
        long carried = bytes.now() - before;
        double seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
        if (carried == 0) {
            throw new LoadException("not one byte arrived");
        }
        if (cpu != null && !peer.peer().direct()) {
            put(cpu, used / (carried / BYTES_PER_GB));
        }
        return carried / BYTES_PER_MB / seconds;
    }

    private void pingPong(Duration between, Row half, Row most) throws IOException {
        Apart apart = new Apart();
        PingPong.run(target, between.toNanos(), warm.dividedBy(2).toNanos());
        latencies(PingPong.run(target, between.toNanos(), time.toNanos()), half, most);
        apart.close();
    }

    private void mixed() throws IOException {
        Streams streams = Streams.download(target, 1);
        try {
            pingPong(BETWEEN_PINGS, Row.MIXED, Row.MIXED_P99);
        } finally {
            streams.close();
        }
    }

    private void idle() throws IOException {
        double before = peer.megabytes();
        Streams streams = Streams.idle(target, IDLE);
        try {
            PeerProcess.pause(SETTLE);
            double with = peer.megabytes();
            put(Row.MEMORY_IDLE, with);
            put(Row.MEMORY_STREAM, (with - before) * KB_PER_MB / IDLE);
        } finally {
            streams.close();
        }
    }

    /** After every load there is, the heaviest last. */
    private void after() throws IOException {
        new SetupLoad(target).together(AT_ONCE, time.toNanos());
        Map<Row, Double> kept = new EnumMap<>(values);
        bulk();
        // It was load and no measurement.
        values.clear();
        values.putAll(kept);
        PeerProcess.pause(COOL);
        put(Row.MEMORY_AFTER, peer.megabytes());
    }
}
