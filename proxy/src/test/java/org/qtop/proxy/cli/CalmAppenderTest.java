package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log under a storm, on the events' own clock. */
class CalmAppenderTest {

    private final LoggerContext context = new LoggerContext();
    private final List<String> lines = new ArrayList<>();
    private final CalmAppender calm = new CalmAppender();

    CalmAppenderTest() {
        AppenderBase<ILoggingEvent> end = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getLevel() + " " + event.getFormattedMessage());
            }
        };
        end.setContext(context);
        end.start();
        calm.setContext(context);
        calm.passTo(end);
        calm.start();
    }

    private LoggingEvent event(Level level, String message, long millis, Object... values) {
        LoggingEvent event = new LoggingEvent(null, context.getLogger("org.qtop.Test"), level, message, null, values);
        event.setTimeStamp(millis);
        return event;
    }

    @Test
    void shouldLeaveOutAStormAndSayHowMuch() {
        for (int i = 0; i < 5_000; i++) {
            calm.doAppend(event(Level.ERROR, "a connection failed: {}", 1_000 + i, i));
        }
        assertEquals(CalmAppender.MOST_IN_WINDOW, lines.size());
        calm.doAppend(event(Level.INFO, "something else", 2_000));
        assertEquals("INFO something else", lines.get(lines.size() - 1));
        calm.doAppend(event(Level.ERROR, "a connection failed: {}", 1_000 + CalmAppender.WINDOW_MILLIS, 1));
        assertEquals("WARN 4990 more lines like this were left out: a connection failed: {}",
                lines.get(lines.size() - 2));
        assertEquals("ERROR a connection failed: 1", lines.get(lines.size() - 1));
    }

    @Test
    void shouldLeaveDebugAlone() {
        for (int i = 0; i < 50; i++) {
            calm.doAppend(event(Level.DEBUG, "held", i));
        }
        assertEquals(50, lines.size());
    }

    @Test
    void shouldKeepTheLastErrors() {
        for (int i = 0; i < 15; i++) {
            calm.doAppend(event(Level.WARN, "warning " + i, i));
            calm.doAppend(event(Level.INFO, "news " + i, i));
        }
        assertEquals(CalmAppender.KEPT, calm.lastErrors().size());
        assertEquals("1970-01-01T00:00:00Z WARN warning 5", calm.lastErrors().get(0));
    }

    @Test
    void shouldWriteJsonLines() throws Exception {
        byte[] line = Logs.json(context).encode(event(Level.WARN, "lost {} \"times\"", 5, 3));
        JsonNode json = new ObjectMapper().readTree(line);
        assertEquals("lost 3 \"times\"", json.path("formattedMessage").asText());
        assertEquals("WARN", json.path("level").asText());
        assertTrue(new String(line, StandardCharsets.UTF_8).endsWith("}\n"));
    }
}
