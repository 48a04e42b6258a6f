package org.qtop.proxy.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the README's table and the Grafana dashboard with the metrics that there are. */
class MetricsTableTest {

    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern LINE = Pattern.compile("# (HELP|TYPE) (\\S+) (.+)");
    private static final Pattern NAME = Pattern.compile("\\b(?:qtop|process)_[a-z0-9_]+");

    /** One row a metric: name, kind, meaning. */
    private static Map<String, String> metrics() {
        Map<String, String> help = new TreeMap<>();
        Map<String, String> kinds = new TreeMap<>();
        new String(new MetricsText(new Subjects().subject()).write(), StandardCharsets.UTF_8).lines().forEach(line -> {
            Matcher found = LINE.matcher(line);
            if (found.matches()) {
                (found.group(1).equals("HELP") ? help : kinds).put(found.group(2), found.group(3));
            }
        });
        return help.keySet().stream().collect(Collectors.toMap(name -> name,
                name -> "| `" + name + "` | " + kinds.get(name) + " | " + help.get(name) + " |", (a, b) -> a,
                TreeMap::new));
    }

    @Test
    void shouldListEveryMetricInTheReadme() throws IOException {
        List<String> rows = Files.readAllLines(PROJECT.resolve("README.md")).stream()
                .filter(line -> line.startsWith("| `qtop_") || line.startsWith("| `process_")).toList();
        assertEquals(String.join("\n", metrics().values()), String.join("\n", rows));
    }

    @Test
    void shouldDrawOnlyMetricsThatThereAre() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(PROJECT.resolve("scripts/lib/grafana.json").toFile());
        TreeSet<String> used = new TreeSet<>();
        dashboard.findValuesAsText("expr").forEach(query -> {
            for (Matcher names = NAME.matcher(query); names.find();) {
                used.add(names.group().replaceFirst("_(bucket|sum|count)$", ""));
            }
        });
        assertTrue(used.size() >= 15, "draws " + used);
        used.removeAll(metrics().keySet());
        assertEquals(new TreeSet<>(), used);
    }
}
