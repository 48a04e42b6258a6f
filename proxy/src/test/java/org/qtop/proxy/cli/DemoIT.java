package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo, as a person starts it. */
class DemoIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int STREAMS = 30;

    @TempDir
    private Path folder;

    @Test
    void shouldShowThirtyMatchedStreamsAndLeaveNothing() throws Exception {
        try (QtopChild demo = QtopChild.script(folder, "qtop", "demo", "--json")) {
            Set<ProcessHandle> started = new HashSet<>();
            Waiting.until(LIMIT, () -> "the end of the demo; it said " + demo.said(), () -> {
                started.addAll(demo.tors());
                return !demo.isAlive();
            });
            assertEquals(ExitCode.OK.code(), demo.exitCode(LIMIT), demo::said);
            assertShown(new ObjectMapper().readTree(String.join("\n", demo.out())));
            assertTrue(started.size() >= 7, "seven tors at least");
            assertEquals(List.of(), started.stream().filter(QtopChild::runs).toList());
            demo.assertNothingLeft();
        }
    }

    private static void assertShown(JsonNode shown) {
        assertEquals(STREAMS, shown.get("streamsSent").asInt(), shown::toPrettyString);
        assertEquals(STREAMS, shown.get("pagesWhole").asInt(), shown::toPrettyString);
        assertEquals(STREAMS, shown.get("matched").asInt(), shown::toPrettyString);
        assertEquals(0, shown.get("early").asInt(), shown::toPrettyString);
        assertEquals(0, shown.get("violations").asInt(), shown::toPrettyString);
        assertTrue(shown.get("circuits").asInt() >= 3, shown::toPrettyString);
        assertEquals(STREAMS, shown.get("streams").size());
        for (JsonNode stream : shown.get("streams")) {
            assertTrue(stream.get("stream").asLong() > 0 && stream.get("circuit").asLong() > 0, stream::toString);
            assertTrue(stream.get("latenessNanos").asLong() >= 0, stream::toString);
        }
    }

    @Test
    void shouldLeaveNothingAfterCtrlC() throws Exception {
        try (QtopChild demo = QtopChild.start(folder, "demo", "--json")) {
            demo.awaitErr("3 exits run");
            List<ProcessHandle> started = demo.tors();
            assertTrue(started.size() >= 6, "six tors at least");
            demo.interrupt();
            assertEquals(ExitCode.OK.code(), demo.exitCode(Duration.ofSeconds(20)), demo::said);
            assertEquals(List.of(), started.stream().filter(QtopChild::runs).toList());
            assertEquals(List.of(), demo.out());
            demo.assertNothingLeft();
        }
    }
}
