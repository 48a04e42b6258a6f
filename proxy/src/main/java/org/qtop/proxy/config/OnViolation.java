package org.qtop.proxy.config;

import java.util.Arrays;

/** What follows when the verifier rejects a release. It is counted and logged in any case. */
public enum OnViolation {
    /** Nothing more. */
    COUNT("count"),
    /** Tor is told to close the stream's circuit. */
    CLOSE_CIRCUIT("close-circuit"),
    /** New streams are refused until qtop is started again. */
    REFUSE("refuse");

    private final String word;

    OnViolation(String word) {
        this.word = word;
    }

    static String[] words() {
        return Arrays.stream(values()).map(value -> value.word).toArray(String[]::new);
    }

    static OnViolation ofWord(String word) {
        return Arrays.stream(values()).filter(value -> value.word.equals(word)).findFirst().orElseThrow();
    }
}
