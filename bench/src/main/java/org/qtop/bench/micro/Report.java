package org.qtop.bench.micro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Turns JMH's results into figures that can be read and kept: prints each benchmark's scores, how they compare with
 * their baseline and what they mean, and writes a result file that holds commit, command, JVM and CPU beside the
 * figures. Not thread-safe.
 */
public final class Report {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    /**
     * Reports on one run of JMH.
     *
     * @param args JMH's JSON file, the result file to write, the commit and the command of the run
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 4) {
            throw new IllegalArgumentException("arguments: JMH-JSON RESULT-FILE COMMIT COMMAND");
        }
        JsonNode results = JSON.readTree(Path.of(args[0]).toFile());
        ObjectNode kept = envelope(args[2], args[3], results);
        JSON.writeValue(Path.of(args[1]).toFile(), kept);
        Report report = new Report(System.out);
        report.print(results);
        report.out.printf("%ncommit %s%nJVM    %s%nCPU    %s, %d processors%nkept in %s%n", args[2],
                kept.get("jvm").asText(), kept.get("cpu").asText(), kept.get("processors").asInt(), args[1]);
    }

    static ObjectNode envelope(String commit, String command, JsonNode results) throws IOException {
        JsonNode first = results.path(0);
        ObjectNode kept = JSON.createObjectNode();
        kept.put("commit", commit);
        kept.put("command", command);
        kept.put("time", Instant.now().toString());
        kept.put("jvm", first.path("vmName").asText() + " " + first.path("vmVersion").asText());
        kept.set("jvmArgs", first.path("jvmArgs"));
        kept.put("cpu", cpu());
        kept.put("processors", Runtime.getRuntime().availableProcessors());
        kept.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        ArrayNode figures = kept.putArray("results");
        results.forEach(figures::add);
        return kept;
    }

    private static String cpu() throws IOException {
        Path facts = Path.of("/proc/cpuinfo");
        if (Files.isReadable(facts)) {
            try (Stream<String> lines = Files.lines(facts)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst().orElse(System.getProperty("os.arch"));
            }
        }
        return System.getProperty("os.arch");
    }

    void print(JsonNode results) {
        Map<String, List<JsonNode>> classes = new LinkedHashMap<>();
        for (JsonNode result : results) {
            String name = result.path("benchmark").asText();
            classes.merge(name.substring(0, name.lastIndexOf('.')), List.of(result),
                    (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
        }
        classes.forEach(this::printClass);
    }

    private void printClass(String className, List<JsonNode> results) {
        Meaning meaning = meaning(className);
        String baseline = meaning == null ? "" : meaning.baseline();
        out.printf("%n%s%n", className.substring(className.lastIndexOf('.') + 1));
        for (JsonNode result : results) {
            out.printf("  %-44s %s%s%n", label(result), score(result), comparison(result, results, baseline));
        }
        if (meaning != null) {
            out.printf("  What it means: %s%n", meaning.value());
        }
    }

    private static Meaning meaning(String className) {
        try {
            return Class.forName(className, false, Report.class.getClassLoader()).getAnnotation(Meaning.class);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static String label(JsonNode result) {
        return method(result) + (params(result).isEmpty() ? "" : " " + params(result));
    }

    private static String method(JsonNode result) {
        String name = result.path("benchmark").asText();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static Map<String, String> params(JsonNode result) {
        Map<String, String> params = new TreeMap<>();
        result.path("params").properties().forEach(entry -> params.put(entry.getKey(), entry.getValue().asText()));
        return params;
    }

    private static String score(JsonNode result) {
        JsonNode metric = result.path("primaryMetric");
        String unit = metric.path("scoreUnit").asText();
        double error = metric.path("scoreError").asDouble();
        String text = String.format(Locale.ROOT, "%,12.3f %s", metric.path("score").asDouble(), unit);
        if (Double.isFinite(error)) {
            text += String.format(Locale.ROOT, " +- %,.3f", error);
        }
        JsonNode percentiles = metric.path("scorePercentiles");
        if (result.path("mode").asText().equals("sample")) {
            text += String.format(Locale.ROOT, ", half within %,.1f, 99 %% within %,.1f",
                    percentiles.path("50.0").asDouble(), percentiles.path("99.0").asDouble());
        }
        return text;
    }

    private static String comparison(JsonNode result, List<JsonNode> results, String baseline) {
        if (baseline.isEmpty()) {
            return "";
        }
        if (method(result).equals(baseline)) {
            return " (baseline)";
        }
        double score = result.path("primaryMetric").path("score").asDouble();
        return results.stream()
                .filter(other -> method(other).equals(baseline) && comparable(other, result))
                .findFirst()
                .map(base -> String.format(Locale.ROOT, " (%.2f times the baseline)",
                        score / base.path("primaryMetric").path("score").asDouble()))
                .orElse(" (its baseline was not run)");
    }

    /** A baseline may have fewer parameters than what it is compared with, but none of another value. */
    private static boolean comparable(JsonNode base, JsonNode result) {
        return base.path("mode").equals(result.path("mode"))
                && params(result).entrySet().containsAll(params(base).entrySet());
    }
}
