package org.qtop.bench.attack;

/** One way to find out from traces what a user did. Implementations are immutable and thread-safe. */
public interface Attack {

    /** What an attack is after; it decides which controls suit it. */
    enum Task {
        /** Which flow at the guard is which at the destination; its first figure is an area under a ROC curve. */
        ENDS,
        /** Which site was visited; its first figure is an accuracy. */
        SITE,
        /** Which of two moments the user acted at; its figures are shares of right guesses. */
        MOMENT,
        /** Which flow carries a watermark; its first figure is an area under a ROC curve. */
        MARK
    }

    /**
     * What tables, files and options call it.
     *
     * @return lower-case words joined by hyphens, other than any other attack's
     */
    String name();

    /**
     * What it does and which paper it is from.
     *
     * @return one line of text
     */
    String source();

    /**
     * What it is after.
     *
     * @return the task
     */
    Task task();

    /**
     * Trains, sets its thresholds on the validation flows, and tests once.
     *
     * @param split the flows of one mode, shared with no other call: its test flows are taken
     * @param settings seeds, sizes and effort
     * @return what it found
     * @throws IllegalArgumentException if the flows are too few or too uniform to train on; the message says what is
     *     missing
     */
    Findings run(Split split, AttackSettings settings);
}
