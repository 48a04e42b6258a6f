package org.qtop.engine.phase;

/**
 * Arithmetic on phases and advances: unsigned 64-bit fractions of one turn, held in a {@code long}. Thread-safe.
 *
 * <p>The phase {@code p} stands for {@code p / 2^64} of a turn.
 */
public final class Phase {

    private Phase() {
    }

    /**
     * Moves a phase forward.
     *
     * @param phase where it is
     * @param advance how far, in [0, 1) turn
     * @return where it is then, modulo one turn
     */
    public static long add(long phase, long advance) {
        return phase + advance;
    }

    /**
     * Gives the advance that leads from one phase to another.
     *
     * @param from where it was
     * @param to where it is
     * @return the forward change, in [0, 1) turn
     */
    public static long advance(long from, long to) {
        return to - from;
    }

    /**
     * Tells whether a forward change, which is less than a turn, passed phase 0.
     *
     * @param from where it was
     * @param to where it is
     * @return 1 if it did, else 0
     */
    public static int wraps(long from, long to) {
        // The carry of the unsigned addition from + (to - from).
        return Long.compareUnsigned(to, from) >>> 31;
    }

    /**
     * Gives a phase as a fraction of a turn, for showing.
     *
     * @param phase a phase or advance
     * @return 0 or more and less than 1; the lowest 11 bits do not show
     */
    public static double turns(long phase) {
        // The upper 53 bits, so that the result stays below 1.
        return (phase >>> 11) * 0x1p-53;
    }

    /**
     * Gives a phase as an angle, for showing.
     *
     * @param phase a phase or advance
     * @param windingQuantum the angle that one turn stands for, usually 2 pi
     * @return 0 up to {@code windingQuantum}
     */
    public static double angle(long phase, double windingQuantum) {
        return turns(phase) * windingQuantum;
    }
}
