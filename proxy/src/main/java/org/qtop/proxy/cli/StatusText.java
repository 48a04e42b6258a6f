package org.qtop.proxy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.Values;

/** Puts the JSON of a status into lines for a person. Stateless. */
final class StatusText {

    private static final int MOST_CIRCUITS = 10;
    private static final long MICRO = 1_000;

    private StatusText() {
    }

    /**
     * Writes a status.
     *
     * @param status from {@code /api/status}
     * @param circuits from {@code /api/circuits}
     * @return lines, each with its end
     */
    static String of(JsonNode status, JsonNode circuits) {
        StringBuilder out = new StringBuilder();
        out.append("qtop ").append(status.path("qtop").asText()).append(" on ").append(status.path("listen").asText())
                .append(", running for ").append(Values.time(status.path("uptimeSeconds").asLong() * 1_000_000_000L))
                .append('\n');
        status.path("warnings").forEach(warning -> out.append(String.format("%s: %s %s%n",
                warning.path("level").asText().toUpperCase(Locale.ROOT), warning.path("text").asText(),
                warning.path("cure").asText())));
        JsonNode tor = status.path("tor");
        item(out, "Tor", (tor.path("version").asText() + " at " + tor.path("what").asText()).strip());
        item(out, "control port", tor.path("control").asText().equals("connected")
                ? "connected, login " + tor.path("login").asText() + ", bootstrap "
                + tor.path("bootstrapPercent").asInt() + "%" : tor.path("control").asText());
        streams(out, status);
        item(out, "held", HoldAt.valueOf(status.path("settings").path("holdAt").asText().toUpperCase(Locale.ROOT))
                .words());
        times(out, "hold", status.path("hold"));
        times(out, "lateness", status.path("lateness"));
        times(out, "Tor's set-up", status.path("setup"));
        item(out, "bytes", number(status.path("bytes").path("upstream")) + " sent, "
                + number(status.path("bytes").path("downstream")) + " received");
        seeds(out, status.path("seeds"));
        item(out, "verifier", number(status.path("verifier").path("releases")) + " releases, "
                + number(status.path("verifier").path("violations")) + " violations");
        circuits(out, circuits.path("circuits"));
        status.path("lastErrors").forEach(line -> out.append("  ").append(line.asText()).append('\n'));
        return out.toString();
    }

    private static void item(StringBuilder out, String name, String value) {
        out.append(String.format("  %-16s %s%n", name, value));
    }

    private static String number(JsonNode value) {
        return String.format(Locale.ROOT, "%,d", value.asLong());
    }

    private static void streams(StringBuilder out, JsonNode status) {
        JsonNode streams = status.path("streams");
        item(out, "streams now", number(streams.path("held")) + " held, " + number(streams.path("connections"))
                + " connections, " + number(streams.path("pending")) + " not yet identified");
        item(out, "streams in all", number(streams.path("streamsReleased")) + " released, "
                + number(streams.path("streamsMatched")) + " matched, " + number(streams.path("streamsUnmatched"))
                + " not matched, " + number(streams.path("streamsAbandoned")) + " abandoned");
    }

    private static void times(StringBuilder out, String name, JsonNode of) {
        item(out, name, of.path("count").asLong() == 0 ? "none yet" : "p50 " + time(of.path("p50Nanos")) + ", p99 "
                + time(of.path("p99Nanos")) + ", max " + time(of.path("maxNanos")));
    }

    private static String time(JsonNode nanos) {
        long value = nanos.asLong();
        return Values.time(value < MICRO ? value : value / MICRO * MICRO);
    }

    private static void seeds(StringBuilder out, JsonNode seeds) {
        StringJoiner origins = new StringJoiner(", ");
        seeds.path("seedsByOrigin").properties().forEach(entry -> origins.add(number(entry.getValue()) + " from "
                + (entry.getKey().equals("os") ? "the operating system" : entry.getKey())));
        item(out, "seeds", number(seeds.path("available")) + " of " + number(seeds.path("capacity")) + " left; "
                + "made: " + origins + "; " + number(seeds.path("misses")) + " made on the spot");
    }

    private static void circuits(StringBuilder out, JsonNode circuits) {
        List<JsonNode> busiest = new ArrayList<>();
        circuits.forEach(busiest::add);
        busiest.sort(Comparator.comparingLong((JsonNode circuit) -> -circuit.path("streams").asLong()));
        item(out, "circuits", number(com.fasterxml.jackson.databind.node.IntNode.valueOf(busiest.size()))
                + (busiest.isEmpty() ? "" : ", the busiest:  circuit  streams             phase  winding"));
        for (JsonNode circuit : busiest.subList(0, Math.min(MOST_CIRCUITS, busiest.size()))) {
            out.append(String.format("  %38s %8s  %16s %8s%n", circuit.path("circuit").asText("-"),
                    circuit.path("streams").asText(), circuit.path("phase").asText(),
                    circuit.path("winding").asText()));
        }
    }
}
