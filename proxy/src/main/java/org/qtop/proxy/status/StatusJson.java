package org.qtop.proxy.status;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.qtop.engine.guarantee.Explanation;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.engine.seed.SourceFault;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Distribution;
import org.qtop.proxy.metrics.Measure;
import org.qtop.proxy.metrics.Metrics;

/** Writes the state of a running proxy as JSON. Confined to one thread. */
final class StatusJson {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Map<Counter, String> COUNTERS = new EnumMap<>(Counter.class);
    private static final double MEDIAN = 50;
    private static final double NEARLY_ALL = 99;

    static {
        for (Counter counter : Counter.values()) {
            COUNTERS.put(counter, camel(counter.name()));
        }
    }

    private final Subject subject;
    private final CircuitsJson circuits;
    private final HoldPicture.Law holds;
    private final Map<HoldAt, String> sentences = new EnumMap<>(HoldAt.class);

    StatusJson(Subject subject) {
        this.subject = subject;
        this.holds = new HoldPicture.Law(subject);
        this.circuits = new CircuitsJson(subject);
    }

    private interface Part {
        void write(JsonGenerator out) throws IOException;
    }

    private static byte[] object(Part part) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            part.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** All but the circuits and streams. */
    byte[] status() {
        return object(this::writeStatus);
    }

    /** The circuits' paths with their trails. */
    byte[] circuits() {
        return object(circuits::writeCircuits);
    }

    /** The last releases. */
    byte[] streams() {
        return object(circuits::writeStreams);
    }

    /** What the page shows: the status and the circuits in one. */
    byte[] page() {
        return object(out -> {
            writeStatus(out);
            circuits.writeCircuits(out);
        });
    }

    private void writeStatus(JsonGenerator out) throws IOException {
        Instant now = subject.clock().instant();
        HoldAt holdAt = subject.holdAt().get();
        out.writeStringField("qtop", subject.version());
        out.writeNumberField("pid", ProcessHandle.current().pid());
        out.writeStringField("startedAt", subject.started().toString());
        out.writeNumberField("uptimeSeconds", Duration.between(subject.started(), now).toSeconds());
        out.writeStringField("listen", subject.listen());
        out.writeBooleanField("alive", subject.alive().getAsBoolean());
        writeWarnings(out);
        writeTor(out, subject.tor().get());
        writeSettings(out, subject.settings(), holdAt);
        writeHides(out, holdAt);
        writeStreams(out, subject.metrics());
        writeHolds(out);
        writeDistribution(out, "lateness", Measure.LATENESS);
        writeDistribution(out, "setup", Measure.SETUP);
        out.writeObjectFieldStart("bytes");
        out.writeNumberField("upstream", subject.metrics().relayedBytes(true));
        out.writeNumberField("downstream", subject.metrics().relayedBytes(false));
        out.writeEndObject();
        writeSeeds(out, subject.seeds().get());
        out.writeObjectFieldStart("verifier");
        out.writeNumberField("releases", subject.audit().recorded());
        out.writeNumberField("violations", subject.audit().violations());
        out.writeEndObject();
        out.writeArrayFieldStart("lastErrors");
        for (String line : subject.errors().get()) {
            out.writeString(line);
        }
        out.writeEndArray();
    }

    private void writeWarnings(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("warnings");
        for (Warning warning : Warning.of(subject)) {
            out.writeStartObject();
            out.writeStringField("level", warning.level().word());
            out.writeStringField("text", warning.text());
            out.writeStringField("cure", warning.cure());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void writeTor(JsonGenerator out, TorState tor) throws IOException {
        out.writeObjectFieldStart("tor");
        out.writeStringField("what", tor.what());
        out.writeStringField("version", tor.version());
        out.writeStringField("login", tor.login());
        out.writeStringField("control", tor.control().name().toLowerCase(Locale.ROOT));
        out.writeStringField("trouble", tor.trouble());
        out.writeNumberField("bootstrapPercent", tor.bootstrapPercent());
        out.writeBooleanField("ready", tor.ready());
        out.writeEndObject();
    }

    private static void writeSettings(JsonGenerator out, Settings settings, HoldAt holdAt) throws IOException {
        out.writeObjectFieldStart("settings");
        out.writeStringField("distribution", settings.meanHoldNanos() == 0 ? "uniform" : "exponential");
        out.writeNumberField("minHoldNanos", settings.minHoldNanos());
        out.writeNumberField("maxHoldNanos", settings.maxHoldNanos());
        out.writeNumberField("meanHoldNanos", settings.meanHoldNanos());
        out.writeStringField("holdAt", holdAt.name().toLowerCase(Locale.ROOT));
        out.writeStringField("withoutControl", settings.refuseWithoutControl() ? "refuse" : "hold");
        out.writeNumberField("maxStreams", settings.maxStreams());
        out.writeBooleanField("journal", settings.journal().isPresent());
        out.writeEndObject();
    }

    private void writeHides(JsonGenerator out, HoldAt holdAt) throws IOException {
        out.writeObjectFieldStart("hides");
        out.writeStringField("sentence", sentences.computeIfAbsent(holdAt,
                at -> Hiding.sentence(subject.settings(), at)));
        out.writeArrayFieldStart("notCovered");
        for (String line : Explanation.notCovered()) {
            out.writeString(line);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void writeStreams(JsonGenerator out, Metrics metrics) throws IOException {
        out.writeObjectFieldStart("streams");
        out.writeNumberField("connections", metrics.openConnections());
        out.writeNumberField("held", metrics.held());
        out.writeNumberField("pending", subject.pending().getAsInt());
        for (Map.Entry<Counter, String> counter : COUNTERS.entrySet()) {
            out.writeNumberField(counter.getValue(), metrics.value(counter.getKey()));
        }
        out.writeEndObject();
    }

    private static String camel(String name) {
        StringBuilder text = new StringBuilder();
        for (String word : name.toLowerCase(Locale.ROOT).split("_")) {
            text.append(text.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return text.toString();
    }

    private void writeHolds(JsonGenerator out) throws IOException {
        HoldPicture picture = holds.now();
        out.writeObjectFieldStart("hold");
        writeQuantiles(out, subject.metrics().distribution(Measure.HOLD));
        out.writeNumberField("fromNanos", picture.fromNanos());
        out.writeNumberField("toNanos", picture.toNanos());
        out.writeArrayFieldStart("counts");
        for (long count : picture.counts()) {
            out.writeNumber(count);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("expected");
        for (String share : picture.expected()) {
            out.writeRawValue(share);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void writeDistribution(JsonGenerator out, String name, Measure measure) throws IOException {
        out.writeObjectFieldStart(name);
        writeQuantiles(out, subject.metrics().distribution(measure));
        out.writeEndObject();
    }

    private static void writeQuantiles(JsonGenerator out, Distribution of) throws IOException {
        out.writeNumberField("count", of.count());
        out.writeNumberField("p50Nanos", of.quantile(MEDIAN));
        out.writeNumberField("p99Nanos", of.quantile(NEARLY_ALL));
        out.writeNumberField("maxNanos", of.max());
    }

    private static void writeSeeds(JsonGenerator out, SeedAccount seeds) throws IOException {
        out.writeObjectFieldStart("seeds");
        out.writeNumberField("capacity", seeds.capacity());
        out.writeNumberField("available", seeds.available());
        out.writeNumberField("made", seeds.made());
        out.writeNumberField("handedOut", seeds.handedOut());
        out.writeNumberField("misses", seeds.misses());
        out.writeNumberField("discarded", seeds.discarded());
        out.writeNumberField("reseeds", seeds.reseeds());
        out.writeStringField("lastReseedOrigin", seeds.lastReseedOrigin());
        writeMap(out, "seedsByOrigin", seeds.seedsByOrigin());
        writeMap(out, "bitsByOrigin", seeds.bitsByOrigin());
        out.writeArrayFieldStart("setAside");
        for (SourceFault fault : seeds.setAside()) {
            out.writeStartObject();
            out.writeStringField("origin", fault.origin());
            out.writeStringField("reason", fault.reason());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void writeMap(JsonGenerator out, String name, Map<String, Long> values) throws IOException {
        out.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> entry : new TreeMap<>(values).entrySet()) {
            out.writeNumberField(entry.getKey(), entry.getValue());
        }
        out.writeEndObject();
    }
}
