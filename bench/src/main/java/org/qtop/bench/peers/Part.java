package org.qtop.bench.peers;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be measured by itself. */
enum Part {

    /** From nothing to the first stream. */
    START,
    /** Set-ups one at a time. */
    SETUP,
    /** Set-ups many at a time. */
    RATE,
    /** Set-ups in open loop. */
    OPEN,
    /** Bytes in bulk. */
    BULK,
    /** Round trips. */
    PING,
    /** Round trips beside bulk. */
    MIXED,
    /** Memory under idle streams and after load; takes more than a minute a peer, and is left out unless asked for. */
    MEMORY;

    /** What a round measures if nothing is said. */
    static Set<Part> usual() {
        return EnumSet.complementOf(EnumSet.of(MEMORY));
    }

    /**
     * Reads a list.
     *
     * @param list names with commas between
     * @return the parts
     * @throws IllegalArgumentException naming what there is, if a name is not one of them
     */
    static Set<Part> parse(String list) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String name : list.split(",")) {
            parts.add(Arrays.stream(values()).filter(part -> part.word().equals(name)).findFirst().orElseThrow(
                    () -> new IllegalArgumentException("\"" + name + "\" is none of " + words())));
        }
        return parts;
    }

    /** How it is called on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All of them, with commas between. */
    static String words() {
        return Arrays.stream(values()).map(Part::word).collect(Collectors.joining(","));
    }
}
