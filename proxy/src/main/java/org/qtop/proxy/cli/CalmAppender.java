package org.qtop.proxy.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Passes log lines on, but not a flood of one kind: of the lines above DEBUG that one place in the code writes, ten in
 * ten seconds pass; how many were left out is said in one line when the next line comes after that time. Keeps the last
 * warnings and errors for the status. Thread-safe; its clock is the
 * events' own.
 */
final class CalmAppender extends AppenderBase<ILoggingEvent> {

    /** How many lines of one kind pass in one window. */
    static final int MOST_IN_WINDOW = 10;
    /** How long a window is. */
    static final long WINDOW_MILLIS = 10_000;
    /** How many warnings and errors are kept. */
    static final int KEPT = 10;

    private final Map<String, Window> windows = new HashMap<>();
    private final ArrayDeque<String> errors = new ArrayDeque<>();
    private Appender<ILoggingEvent> next;

    /** One kind of line: the text before its values are filled in. */
    private static final class Window {
        private long beganMillis;
        private int lines;
        private long leftOut;
    }

    /** Sets where lines go; before the start. */
    void passTo(Appender<ILoggingEvent> appender) {
        next = appender;
    }

    @Override
    protected synchronized void append(ILoggingEvent event) {
        tellOfLeftOut(event);
        if (!event.getLevel().isGreaterOrEqual(Level.INFO)) {
            next.doAppend(event);
            return;
        }
        String kind = event.getLoggerName() + " " + event.getMessage();
        Window window = windows.computeIfAbsent(kind, fresh -> new Window());
        if (window.lines == 0) {
            window.beganMillis = event.getTimeStamp();
        }
        window.lines++;
        if (window.lines <= MOST_IN_WINDOW) {
            remember(event);
            next.doAppend(event);
        } else {
            window.leftOut++;
        }
    }

    /** Closes the windows whose time is over. */
    private void tellOfLeftOut(ILoggingEvent now) {
        windows.entrySet().removeIf(entry -> {
            Window window = entry.getValue();
            if (now.getTimeStamp() - window.beganMillis < WINDOW_MILLIS) {
                return false;
            }
            if (window.leftOut > 0) {
                next.doAppend(summary(now, entry.getKey(), window.leftOut));
            }
            return true;
        });
    }

    private static LoggingEvent summary(ILoggingEvent now, String kind, long leftOut) {
        int space = kind.indexOf(' ');
        LoggingEvent event = new LoggingEvent();
        event.setLoggerName(kind.substring(0, space));
        event.setLevel(Level.WARN);
        event.setTimeStamp(now.getTimeStamp());
        event.setThreadName(now.getThreadName());
        event.setMessage(leftOut + " more lines like this were left out: " + kind.substring(space + 1));
        return event;
    }

    private void remember(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            if (errors.size() == KEPT) {
                errors.poll();
            }
            errors.add(Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.SECONDS) + " "
                    + event.getLevel() + " " + event.getFormattedMessage());
        }
    }

    /** The last warnings and errors, oldest first. */
    synchronized List<String> lastErrors() {
        return List.copyOf(errors);
    }

    @Override
    public void stop() {
        if (next != null) {
            next.stop();
        }
        super.stop();
    }
}
