package org.qtop.proxy.status;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.qtop.engine.phase.Phase;
import org.qtop.engine.timing.CircuitPath;
import org.qtop.engine.verify.ReleaseRecord;
import org.qtop.proxy.audit.Release;

/** Writes circuits and streams as JSON. Thread-safe. */
final class CircuitsJson {

    /** How many circuits are told of, the most recently bound; a busy client has a few dozen. */
    static final int MOST_CIRCUITS = 100;
    /** How many phases a trail has. */
    static final int TRAIL = 5;
    /** How many releases are told of, the last ones. */
    static final int MOST_STREAMS = 100;

    private static final HexFormat HEX = HexFormat.of();

    private final Subject subject;

    CircuitsJson(Subject subject) {
        this.subject = subject;
    }

    void writeCircuits(JsonGenerator out) throws IOException {
        List<CircuitPath> paths = subject.engine().paths();
        List<CircuitPath> shown = paths.subList(Math.max(0, paths.size() - MOST_CIRCUITS), paths.size());
        Map<Long, Deque<Long>> trails = trails(shown);
        out.writeNumberField("circuitsKept", paths.size());
        out.writeNumberField("circuitsEvicted", subject.engine().evicted());
        out.writeNumberField("windingQuantum", subject.engine().windingQuantum());
        out.writeArrayFieldStart("circuits");
        for (CircuitPath path : shown) {
            write(out, path, trails.get(path.circuit()));
        }
        out.writeEndArray();
    }

    /** The last phases of each circuit, oldest first: from the ring of releases backwards, as far as they need. */
    private Map<Long, Deque<Long>> trails(List<CircuitPath> paths) {
        Map<Long, Deque<Long>> trails = new HashMap<>();
        Map<Long, Deque<Long>> wanted = new HashMap<>();
        for (CircuitPath path : paths) {
            Deque<Long> trail = new ArrayDeque<>(TRAIL);
            trails.put(path.circuit(), trail);
            wanted.put(path.circuit(), trail);
        }
        List<Release> releases = subject.audit().releases();
        for (int i = releases.size() - 1; i >= 0 && !wanted.isEmpty(); i--) {
            ReleaseRecord record = releases.get(i).record();
            Deque<Long> trail = wanted.get(record.circuit());
            if (trail != null && lengthen(trail, record)) {
                wanted.remove(record.circuit());
            }
        }
        return trails;
    }

    /** Puts a step before those that are there; tells whether that was the last that is wanted. */
    private static boolean lengthen(Deque<Long> trail, ReleaseRecord record) {
        if (trail.isEmpty()) {
            trail.addFirst(record.phase());
        }
        trail.addFirst(record.from());
        return trail.size() == TRAIL || record.n() == 1;
    }

    private static void write(JsonGenerator out, CircuitPath path, Deque<Long> trail) throws IOException {
        out.writeStartObject();
        number(out, "circuit", path.circuit());
        out.writeNumberField("turns", Phase.turns(path.phase()));
        out.writeStringField("phase", HEX.toHexDigits(path.phase()));
        out.writeNumberField("winding", path.winding());
        out.writeNumberField("closedTurns", path.closedTurns());
        out.writeNumberField("streams", path.bindings());
        out.writeArrayFieldStart("trail");
        for (long phase : trail) {
            out.writeNumber(Phase.turns(phase));
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    void writeStreams(JsonGenerator out) throws IOException {
        List<Release> releases = subject.audit().releases();
        out.writeNumberField("connections", subject.metrics().openConnections());
        out.writeNumberField("held", subject.metrics().held());
        out.writeArrayFieldStart("released");
        for (Release release : releases.subList(Math.max(0, releases.size() - MOST_STREAMS), releases.size())) {
            ReleaseRecord record = release.record();
            out.writeStartObject();
            number(out, "stream", record.stream());
            number(out, "circuit", record.circuit());
            out.writeStringField("kind", release.kind().word());
            out.writeNumberField("holdNanos", record.holdNanos());
            out.writeNumberField("latenessNanos", record.latenessNanos());
            out.writeStringField("phase", HEX.toHexDigits(record.phase()));
            out.writeNumberField("winding", record.winding());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** Tor's numbers begin at 1; 0 stands for one that never became known. */
    private static void number(JsonGenerator out, String name, long id) throws IOException {
        if (id == 0) {
            out.writeNullField(name);
        } else {
            out.writeNumberField(name, id);
        }
    }
}
