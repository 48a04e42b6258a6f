package org.qtop.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was measured so far, kept in a file of JSON that later runs add to. Not thread-safe. */
final class Rounds {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * One peer in one round.
     *
     * @param round its number, from 1
     * @param peer the peer's name
     * @param values what was measured
     */
    record Result(int round, String peer, Map<Row, Double> values) {
    }

    private static final String BETWEEN = "; then ";

    private final List<Result> results = new ArrayList<>();
    private final Map<String, String> facts = new java.util.LinkedHashMap<>();

    /** Reads the file, if it is there. */
    static Rounds read(Path file) throws IOException {
        Rounds rounds = new Rounds();
        if (Files.exists(file)) {
            JsonNode kept = JSON.readTree(file.toFile());
            kept.path("facts").properties().forEach(fact -> rounds.facts.put(fact.getKey(), fact.getValue().asText()));
            for (JsonNode result : kept.path("results")) {
                Map<Row, Double> values = new EnumMap<>(Row.class);
                result.path("values").properties().forEach(
                        value -> values.put(Row.valueOf(value.getKey()), value.getValue().asDouble()));
                rounds.add(new Result(result.path("round").asInt(), result.path("peer").asText(), values));
            }
        }
        return rounds;
    }

    /** Writes the file. */
    void write(Path file) throws IOException {
        ObjectNode kept = JSON.createObjectNode();
        ObjectNode told = kept.putObject("facts");
        facts.forEach(told::put);
        ArrayNode list = kept.putArray("results");
        for (Result result : results) {
            ObjectNode node = list.addObject().put("round", result.round()).put("peer", result.peer());
            ObjectNode values = node.putObject("values");
            result.values().forEach((row, value) -> values.put(row.name(), value));
        }
        JSON.writeValue(file.toFile(), kept);
    }

    void add(Result result) {
        results.add(result);
    }

    /** What rounds rest on, such as the machine; if it is another than before, both are kept. */
    void fact(String name, String value) {
        facts.merge(name, value, (before, now) -> List.of(before.split(BETWEEN)).contains(now) ? before
                : before + BETWEEN + now);
    }

    /** What the rounds rest on. */
    Map<String, String> facts() {
        return facts;
    }

    /** How many rounds there are. */
    int count() {
        return results.stream().mapToInt(Result::round).max().orElse(0);
    }

    /** The peers, in the order in which they first came. */
    List<String> peers() {
        return results.stream().map(Result::peer).distinct().toList();
    }

    /** A peer's values of a row, one a round, in no particular order. */
    List<Double> values(String peer, Row row) {
        return results.stream().filter(result -> result.peer().equals(peer) && result.values().containsKey(row))
                .map(result -> result.values().get(row)).toList();
    }

    /** A peer's ratios to another's in the same round. */
    List<Double> ratios(String peer, String base, Row row) {
        List<Double> ratios = new ArrayList<>();
        for (Result result : results) {
            if (result.peer().equals(peer) && result.values().containsKey(row)) {
                results.stream().filter(other -> other.round() == result.round() && other.peer().equals(base)
                        && other.values().containsKey(row)).findFirst().ifPresent(
                                other -> ratios.add(result.values().get(row) / other.values().get(row)));
            }
        }
        return ratios;
    }
}
