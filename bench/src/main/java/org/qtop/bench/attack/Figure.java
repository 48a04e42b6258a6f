package org.qtop.bench.attack;

/**
 * One number that an attack is judged by, with its 95 % interval. Immutable, thread-safe.
 *
 * @param name what it is, the same for every attack that has it
 * @param value the number measured
 * @param low lower end of the interval
 * @param high upper end of the interval
 * @param cases how many cases (flows, trials) it rests on
 * @param kind what sort of number it is and how its interval was made
 * @param bound what is claimed to be the most that {@code value} can be, or null where nothing is claimed
 */
public record Figure(String name, double value, double low, double high, long cases, Kind kind, Double bound) {

    /** What sort of number a figure is. */
    public enum Kind {
        /** A share of cases; Wilson's interval. */
        PROPORTION,
        /** Area under a ROC curve, 0.5 for chance; bootstrap over both ends. */
        AREA,
        /** A rate read off pairs of flows; bootstrap over both ends. */
        RATE,
        /** A number that describes the others; its interval is the number itself. */
        DESCRIPTION
    }

    /**
     * A figure without a claimed bound.
     *
     * @param name what it is
     * @param value the number measured
     * @param low lower end of the interval
     * @param high upper end of the interval
     * @param cases how many cases it rests on
     * @param kind what sort of number it is
     */
    public Figure(String name, double value, double low, double high, long cases, Kind kind) {
        this(name, value, low, high, cases, kind, null);
    }

    /**
     * A number that describes others.
     *
     * @param name what it is
     * @param value the number
     * @param cases how many cases it rests on
     * @return the figure, with the number for an interval
     */
    public static Figure description(String name, double value, long cases) {
        return new Figure(name, value, value, value, cases, Kind.DESCRIPTION);
    }

    /**
     * Whether what was measured is surely above what was claimed.
     *
     * @return true if there is a bound and the whole interval is above it
     */
    public boolean isAboveBound() {
        return bound != null && low > bound;
    }
}
