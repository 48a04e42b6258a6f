package org.qtop.proxy.status;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Distribution;
import org.qtop.proxy.metrics.Measure;
import org.qtop.proxy.metrics.Metrics;

/** Writes the metrics of a running proxy in Prometheus' text format. Thread-safe. */
final class MetricsText {

    /** The content type of what {@link #write} gives. */
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String PREFIX = "qtop_";
    private static final String TOTAL = "_total";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final Subject subject;

    MetricsText(Subject subject) {
        this.subject = subject;
    }

    byte[] write() {
        List<MetricSnapshot> all = new ArrayList<>();
        for (Counter counter : Counter.values()) {
            all.add(counter(counter.id(), counter.help(), subject.metrics().value(counter)));
        }
        for (Measure measure : Measure.values()) {
            all.add(histogram(measure, subject.metrics().distribution(measure)));
        }
        addState(all);
        addSeeds(all, subject.seeds().get());
        addProcess(all);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, new MetricSnapshots(all));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toByteArray();
    }

    private void addState(List<MetricSnapshot> all) {
        Metrics metrics = subject.metrics();
        TorState tor = subject.tor().get();
        all.add(gauge("connections_open", "Client connections that are open.", metrics.openConnections()));
        all.add(gauge("streams_held", "Requests that are held now.", metrics.held()));
        all.add(gauge("streams_unidentified", "Released streams that wait for Tor's events.",
                subject.pending().getAsInt()));
        all.add(new CounterSnapshot(new MetricMetadata(PREFIX + "relayed_bytes",
                "Bytes carried for released streams, by direction."), List.of(
                point(metrics.relayedBytes(true), "direction", "upstream"),
                point(metrics.relayedBytes(false), "direction", "downstream"))));
        all.add(gauge("circuit_paths", "Circuits whose phase is kept.", subject.engine().circuits()));
        all.add(counter("circuit_paths_evicted_total", "Circuits' phases dropped to stay within the bound.",
                subject.engine().evicted()));
        all.add(gauge("control_connected", "1 while Tor's control port is there, else 0.",
                tor.control() == TorState.Control.CONNECTED ? 1 : 0));
        all.add(gauge("tor_bootstrap_percent", "How far Tor has joined the network; -1 if it has not told.",
                tor.bootstrapPercent()));
        all.add(counter("releases_verified_total", "Release records that the verifier looked at.",
                subject.audit().recorded()));
        all.add(new GaugeSnapshot(new MetricMetadata(PREFIX + "build_info", "Always 1; qtop's and Tor's version."),
                List.of(new GaugeDataPointSnapshot(1, Labels.of("version", subject.version(), "tor", tor.version()),
                        null))));
    }

    private static void addSeeds(List<MetricSnapshot> all, SeedAccount seeds) {
        all.add(gauge("seeds_available", "Seeds in the cache.", seeds.available()));
        all.add(gauge("seeds_capacity", "Seeds that the cache can hold.", seeds.capacity()));
        all.add(byOrigin("seeds_made", "Seeds made for the cache, by the origin of the reseed before.",
                seeds.seedsByOrigin()));
        Map<String, Long> bytes = new TreeMap<>();
        seeds.bitsByOrigin().forEach((origin, bits) -> bytes.put(origin, bits / Byte.SIZE));
        all.add(byOrigin("seed_source_bytes", "Raw bytes that entered the generator, by origin.", bytes));
        all.add(counter("seeds_handed_out_total", "Seeds handed out, each once.", seeds.handedOut()));
        all.add(counter("seed_misses_total", "Seeds made on the spot because the cache was empty.", seeds.misses()));
        all.add(counter("seeds_discarded_total", "Seeds wiped unused.", seeds.discarded()));
        all.add(counter("reseeds_total", "Times that the generator was reseeded.", seeds.reseeds()));
        all.add(gauge("seed_sources_set_aside", "Seed sources that are not in use because they failed.",
                seeds.setAside().size()));
    }

    /** The names that Prometheus' own client libraries give to these. */
    private void addProcess(List<MetricSnapshot> all) {
        all.add(new GaugeSnapshot(new MetricMetadata("process_start_time_seconds",
                "Start of the run, in seconds since 1970."), List.of(new GaugeDataPointSnapshot(
                subject.started().toEpochMilli() / MILLIS_PER_SECOND, Labels.EMPTY, null))));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            all.add(new CounterSnapshot(new MetricMetadata("process_cpu_seconds", "Processor time used."), List.of(
                    new CounterDataPointSnapshot(system.getProcessCpuTime() / NANOS_PER_SECOND, Labels.EMPTY, null,
                            0))));
            all.add(plain("process_open_fds", "File descriptors in use.", system.getOpenFileDescriptorCount()));
            all.add(plain("process_max_fds", "File descriptors allowed.", system.getMaxFileDescriptorCount()));
        }
    }

    private static CounterSnapshot counter(String id, String help, long value) {
        String name = PREFIX + id.substring(0, id.length() - TOTAL.length());
        return new CounterSnapshot(new MetricMetadata(name, help),
                List.of(new CounterDataPointSnapshot(value, Labels.EMPTY, null, 0)));
    }

    private static CounterDataPointSnapshot point(long value, String label, String word) {
        return new CounterDataPointSnapshot(value, Labels.of(label, word), null, 0);
    }

    private static CounterSnapshot byOrigin(String name, String help, Map<String, Long> values) {
        List<CounterDataPointSnapshot> points = new ArrayList<>();
        new TreeMap<>(values).forEach((origin, value) -> points.add(point(value, "origin", origin)));
        return new CounterSnapshot(new MetricMetadata(PREFIX + name, help), points);
    }

    private static GaugeSnapshot gauge(String name, String help, double value) {
        return plain(PREFIX + name, help, value);
    }

    private static GaugeSnapshot plain(String name, String help, double value) {
        return new GaugeSnapshot(new MetricMetadata(name, help),
                List.of(new GaugeDataPointSnapshot(value, Labels.EMPTY, null)));
    }

    private static HistogramSnapshot histogram(Measure measure, Distribution of) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long[] bounds = of.bounds();
        long[] counts = of.counts();
        for (int i = 0; i < counts.length; i++) {
            buckets.bucket(i < bounds.length ? bounds[i] / measure.scale() : Double.POSITIVE_INFINITY, counts[i]);
        }
        return new HistogramSnapshot(new MetricMetadata(PREFIX + measure.id(), measure.help()),
                List.of(new HistogramDataPointSnapshot(buckets.build(), of.sum() / measure.scale(), Labels.EMPTY, null,
                        0)));
    }
}
