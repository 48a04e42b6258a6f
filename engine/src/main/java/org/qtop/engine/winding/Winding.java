package org.qtop.engine.winding;

import org.qtop.engine.phase.Phase;

/**
 * Counts whole turns of phases that go forwards. Thread-safe.
 *
 * <p>For a path from {@code p_0} with advances {@code a_1 ... a_n} to {@code p_n}, exactly and in integers:
 * {@code a_1 + ... + a_n = W * 2^64 + (p_n - p_0)}, with the phases read as unsigned numbers.
 */
public final class Winding {

    private Winding() {
    }

    /**
     * Counts one step.
     *
     * @param winding whole turns before
     * @param from the phase before
     * @param to the phase after a forward change of less than a turn
     * @return whole turns after
     */
    public static long after(long winding, long from, long to) {
        return winding + Phase.wraps(from, to);
    }

    /**
     * Closes a path forwards to where it began, which makes its total a whole number of turns.
     *
     * @param firstPhase where it began
     * @param phase where it is
     * @param winding whole turns so far
     * @return whole turns of the closed path
     */
    public static long closed(long firstPhase, long phase, long winding) {
        return after(winding, phase, firstPhase);
    }

    /**
     * Counts the whole turns of a sequence of phases, each reached forwards from the one before in less than a turn,
     * and closed forwards to the first.
     *
     * @param phases the sequence
     * @return its winding number, 0 for fewer than two phases
     */
    public static long of(long... phases) {
        long winding = 0;
        for (int i = 1; i < phases.length; i++) {
            winding = after(winding, phases[i - 1], phases[i]);
        }
        return phases.length < 2 ? 0 : closed(phases[0], phases[phases.length - 1], winding);
    }
}
