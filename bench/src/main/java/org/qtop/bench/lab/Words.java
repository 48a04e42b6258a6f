package org.qtop.bench.lab;

import java.util.Locale;

/** Numbers as people read them. Stateless. */
final class Words {

    private static final int MINUTE = 60;

    private Words() {
    }

    /** A span of time in seconds: {@code 40 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    static String span(double seconds) {
        if (Double.isNaN(seconds)) {
            return "some time";
        }
        long whole = Math.round(seconds);
        if (whole < MINUTE) {
            return whole + " s";
        }
        return whole < MINUTE * MINUTE ? whole / MINUTE + " min " + whole % MINUTE + " s"
                : whole / MINUTE / MINUTE + " h " + whole / MINUTE % MINUTE + " min";
    }

    static String number(double value, int digits) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
