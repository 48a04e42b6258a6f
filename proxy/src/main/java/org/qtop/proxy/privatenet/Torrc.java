package org.qtop.proxy.privatenet;

import java.nio.file.Path;
import java.util.List;

/**
 * The text form of tor's configuration file (tor's manual, "THE CONFIGURATION FILE FORMAT").
 *
 * <p>Thread-safe; keeps nothing.
 */
final class Torrc {
    private Torrc() {
    }

    /**
     * Joins lines to a file.
     *
     * @throws IllegalArgumentException if a line holds a line end, which would smuggle in another option
     */
    static String text(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0 || line.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a torrc line may hold no line end: " + line.strip());
            }
            text.append(line).append('\n');
        }
        return text.toString();
    }

    /** A path as an option's value, in quotes, so that spaces and {@code #} are kept. */
    static String quoted(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Whether a line sets the option; names of options are not case-sensitive. */
    static boolean sets(List<String> lines, String option) {
        return lines.stream().anyMatch(line -> line.strip().split("\\s+", 2)[0].equalsIgnoreCase(option));
    }
}
