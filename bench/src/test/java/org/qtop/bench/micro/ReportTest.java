package org.qtop.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Meaning(value = "Nothing is done.", baseline = "plain")
    static class Measured {
    }

    private static JsonNode run(String... results) throws IOException {
        return new ObjectMapper().readTree("[" + String.join(",", results) + "]");
    }

    private static String result(String type, String method, double score, String params) {
        return """
                {"benchmark": "%s.%s", "mode": "avgt", "vmName": "VM", "vmVersion": "17", "jvmArgs": ["-Xint"],
                 "params": {%s}, "primaryMetric": {"score": %s, "scoreError": "NaN", "scoreUnit": "ns/op"}}
                """.formatted(type, method, params, score);
    }

    private static String print(JsonNode results) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Report(new PrintStream(bytes, true, StandardCharsets.UTF_8)).print(results);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldCompareWithTheBaselineAndSayWhatItMeans() throws IOException {
        String type = Measured.class.getName();
        String text = print(run(result(type, "dear", 30, ""), result(type, "plain", 10, "")));
        assertTrue(text.contains("3.00 times the baseline"), text);
        assertTrue(text.contains("10.000 ns/op (baseline)"), text);
        assertTrue(text.contains("Nothing is done."), text);
        assertFalse(text.contains("NaN"), text);
    }

    @Test
    void shouldCompareEqualParametersOnly() throws IOException {
        String type = Measured.class.getName();
        String text = print(run(result(type, "plain", 10, "\"n\": \"1\""), result(type, "plain", 100, "\"n\": \"2\""),
                result(type, "dear", 50, "\"n\": \"2\", \"x\": \"y\""), result(type, "dear", 50, "\"n\": \"3\"")));
        assertTrue(text.contains("0.50 times the baseline"), text);
        assertTrue(text.contains("its baseline was not run"), text);
    }

    @Test
    void shouldPrintABenchmarkWithoutMeaning() throws IOException {
        String text = print(run(result("org.example.Gone", "run", 7, "")));
        assertTrue(text.contains("Gone"), text);
        assertTrue(text.contains("7.000 ns/op"), text);
    }

    @Test
    void shouldKeepWhatMakesAFigureRepeatable() throws IOException {
        ObjectNode kept = Report.envelope("abc", "scripts/bench x", run(result("org.example.Gone", "run", 7, "")));
        assertEquals("abc", kept.get("commit").asText());
        assertEquals("scripts/bench x", kept.get("command").asText());
        assertEquals("VM 17", kept.get("jvm").asText());
        assertFalse(kept.get("cpu").asText().isEmpty());
        assertEquals(1, kept.get("results").size());
    }
}
