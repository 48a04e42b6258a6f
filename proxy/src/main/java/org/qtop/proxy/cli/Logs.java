package org.qtop.proxy.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Sets how much is logged, and how. Thread-safe. */
final class Logs {

    private static final CalmAppender NONE = new CalmAppender();
    private static volatile CalmAppender calm = NONE;

    private Logs() {
    }

    /**
     * Sets the level of qtop's own loggers (those of libraries stay at warn) and the form of the lines, and keeps a
     * storm of errors from flooding the log.
     *
     * @param level error, warn, info, debug or trace
     * @param format text or json
     */
    static void apply(String level, String format) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        context.getLogger("org.qtop").setLevel(Level.toLevel(level));
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        if (root.getAppender(LogSetup.APPENDER) instanceof ConsoleAppender<ILoggingEvent> console) {
            if (format.equals("json")) {
                console.setEncoder(json(context));
            }
            CalmAppender appender = new CalmAppender();
            appender.setContext(context);
            appender.passTo(console);
            appender.start();
            root.detachAppender(console);
            root.addAppender(appender);
            calm = appender;
        }
    }

    /** Writes one JSON object a line. */
    static JsonEncoder json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithMDC(false);
        encoder.setWithMarkers(false);
        encoder.setWithKVPList(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }

    /** The last lines of level WARN and above, oldest first. */
    static List<String> lastErrors() {
        return calm.lastErrors();
    }
}
