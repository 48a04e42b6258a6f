package org.qtop.proxy.doctor;

import java.util.Locale;
import java.util.Objects;

/**
 * What one check found. Immutable.
 *
 * @param check the check's name, lower case, words joined by dashes
 * @param verdict how it stands
 * @param text what was seen, one line, without destination or login
 * @param cure what to do, one line; empty if nothing is to be done
 */
public record Finding(String check, Verdict verdict, String text, String cure) {

    /** How a checked thing stands. */
    public enum Verdict {
        /** As it should be. */
        OK,
        /** It works, but not as well as it could. */
        WARNING,
        /** qtop cannot do its work like this. */
        FAILED,
        /** It was not looked at. */
        SKIPPED;

        /**
         * The word for it.
         *
         * @return lower case
         */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks that nothing is missing. */
    public Finding {
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(cure, "cure");
    }

    static Finding ok(String check, String text) {
        return new Finding(check, Verdict.OK, text, "");
    }

    static Finding warning(String check, String text, String cure) {
        return new Finding(check, Verdict.WARNING, text, cure);
    }

    static Finding failed(String check, String text, String cure) {
        return new Finding(check, Verdict.FAILED, text, cure);
    }

    static Finding skipped(String check, String why) {
        return new Finding(check, Verdict.SKIPPED, why, "");
    }
}
