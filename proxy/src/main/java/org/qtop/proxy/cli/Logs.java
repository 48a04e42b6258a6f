package org.qtop.proxy.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Sets how much is logged. */
final class Logs {

    private Logs() {
    }

    /**
     * Sets the level of qtop's own loggers; those of libraries stay at warn.
     *
     * @param level error, warn, info, debug or trace
     */
    static void level(String level) {
        if (LoggerFactory.getLogger("org.qtop") instanceof Logger logger) {
            logger.setLevel(Level.toLevel(level));
        }
    }
}
