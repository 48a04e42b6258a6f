package org.qtop.engine.guarantee;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the settings in force hide, as numbers and as text for {@code qtop explain}. Immutable.
 *
 * @param shape the distribution of holds
 * @param apartNanos D, the time between the two moments that are to be told apart, 1 or more
 * @param streams n, how many streams share the moment, 1 or more
 */
public record Explanation(HoldShape shape, long apartNanos, int streams) {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double[] TABLE = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public Explanation {
        if (apartNanos < 1 || streams < 1) {
            throw new IllegalArgumentException(
                    "apart " + apartNanos + " ns, streams " + streams + ": 1 or more");
        }
    }

    /**
     * One line of the table, or one point of the curve.
     *
     * @param apartNanos D
     * @param totalVariation of one hold
     * @param bestGuess the best guesser's success on one stream
     * @param totalVariationOfAll of n holds under one common shift
     * @param bestGuessOfAll the best guesser's success on n streams
     * @param bound the total variation that no law on this range gets below, for one stream
     */
    public record Row(long apartNanos, double totalVariation, double bestGuess, double totalVariationOfAll,
            double bestGuessOfAll, double bound) {
    }

    /**
     * Gives the numbers for the time apart that was asked about.
     *
     * @return one row
     */
    public Row row() {
        return row(apartNanos);
    }

    /**
     * Gives the numbers for another time apart.
     *
     * @param apart D, 0 or more
     * @return one row
     */
    public Row row(long apart) {
        double one = shape.totalVariation(apart);
        double all = Guarantee.repeated(one, streams);
        return new Row(apart, one, Guarantee.bestGuess(one), all, Guarantee.bestGuess(all),
                Guarantee.bound(shape.widthNanos(), apart));
    }

    /**
     * Gives a small table from a hundredth of the width to all of it.
     *
     * @return rows by rising time apart, none for a width of 0
     */
    public List<Row> table() {
        List<Row> rows = new ArrayList<>();
        for (double part : TABLE) {
            long apart = Math.round(shape.widthNanos() * part);
            if (apart > 0 && (rows.isEmpty() || rows.get(rows.size() - 1).apartNanos() < apart)) {
                rows.add(row(apart));
            }
        }
        return rows;
    }

    /**
     * Gives the points of a curve from 0 to a little more than the width.
     *
     * @param points how many, 2 or more
     * @return rows by rising time apart, evenly spaced
     */
    public List<Row> curve(int points) {
        List<Row> rows = new ArrayList<>(points);
        double end = 1.1 * Math.max(1, shape.widthNanos());
        for (int i = 0; i < points; i++) {
            rows.add(row(Math.round(end * i / (points - 1))));
        }
        return rows;
    }

    /**
     * Says it in words.
     *
     * @return lines without line ends
     */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        Row asked = row();
        lines.add(String.format(Locale.ROOT, "Holds: %s from %s to %s, %s on average.", shape.name(),
                millis(shape.minNanos()), millis(shape.maxNanos()), millis(shape.meanHoldNanos())));
        lines.add("");
        lines.add("Was a stream asked for at one moment, or " + millis(apartNanos) + " later? To an observer who sees");
        lines.add("only when it was released, and thinks both as likely:");
        lines.add("  total variation                      " + number(asked.totalVariation()));
        lines.add("  success of the best guesser          " + number(asked.bestGuess()) + "   (0.500 is a coin)");
        lines.add("  total variation, least of any law    " + number(asked.bound()));
        if (streams > 1) {
            lines.add("With " + streams + " streams that share the moment, each held by itself:");
            lines.add("  total variation                      " + number(asked.totalVariationOfAll()));
            lines.add("  success of the best guesser          " + number(asked.bestGuessOfAll()));
        }
        if (shape.widthNanos() > 0) {
            addTable(lines);
        }
        lines.add("");
        lines.addAll(notCovered());
        return lines;
    }

    private void addTable(List<String> lines) {
        lines.add("");
        lines.add(String.format(Locale.ROOT, "%14s %12s %12s %12s%s", "apart", "variation", "best guess", "any law",
                streams > 1 ? String.format(Locale.ROOT, " %18s", "best guess of " + streams) : ""));
        for (Row row : table()) {
            lines.add(String.format(Locale.ROOT, "%14s %12s %12s %12s%s", millis(row.apartNanos()),
                    number(row.totalVariation()), number(row.bestGuess()), number(row.bound()),
                    streams > 1 ? String.format(Locale.ROOT, " %18s", number(row.bestGuessOfAll())) : ""));
        }
    }

    /**
     * Says what the numbers do not cover.
     *
     * @return lines without line ends
     */
    public static List<String> notCovered() {
        return List.of(
                "This is about when the user acted. It does not cover:",
                "  - an observer at both ends of a circuit: a hold before the first relay moves both views alike;",
                "  - volumes, directions and sizes: nothing is padded;",
                "  - anything after the first relay, and anything sent once a stream is released;",
                "  - other ways to learn when the user acted, such as other traffic of the same machine.");
    }

    private static String millis(double nanos) {
        String text = String.format(Locale.ROOT, "%.6f", nanos / NANOS_PER_MILLI);
        return text.replaceFirst("\\.?0+$", "") + " ms";
    }

    private static String number(double value) {
        return value != 0 && value < 0.001 ? String.format(Locale.ROOT, "%.2e", value)
                : String.format(Locale.ROOT, "%.3f", value);
    }
}
