package org.qtop.proxy.control;

import java.util.List;

/**
 * Tor's whole reply to one command. Immutable.
 *
 * <p>Source: Tor control-spec, "Replies from Tor to the controller".
 *
 * @param code the three digits: of the first line that is not a success, else of the last line; 250 is plain success
 * @param lines the text of each line behind its code; of a line with data, the text, a line feed and the data, whose
 *     lines are separated by line feeds
 */
public record ControlReply(int code, List<String> lines) {

    /** Copies the lines. */
    public ControlReply {
        lines = List.copyOf(lines);
    }

    /**
     * Tells whether Tor did as it was told.
     *
     * @return true for the codes 200 to 299
     */
    public boolean ok() {
        return code / 100 == 2;
    }

    /**
     * What Tor says in words: its last line.
     *
     * @return the text, possibly empty
     */
    public String text() {
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }
}
