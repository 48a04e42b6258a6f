package org.qtop.bench.peers;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rounds as a table in Markdown. Stateless. */
final class Table {

    private static final String BASE = "direct";

    private Table() {
    }

    /**
     * The table and what it rests on.
     *
     * <p>Where there is a ratio to no proxy at all, it is the median of the rounds' ratios, with the least and the most
     * in brackets; elsewhere it is the median of the values.
     */
    static String markdown(Rounds rounds) {
        List<String> peers = rounds.peers();
        StringBuilder text = new StringBuilder("| |").append(cells(peers)).append("\n|---|")
                .append("---|".repeat(peers.size())).append('\n');
        for (Row row : Row.values()) {
            List<String> cells = peers.stream().map(peer -> cell(rounds, peer, row)).toList();
            if (!cells.stream().allMatch("-"::equals)) {
                text.append("| ").append(row.title()).append(", ").append(row.unit()).append(" |").append(cells(cells))
                        .append('\n');
            }
        }
        text.append('\n');
        rounds.facts().forEach((name, value) -> text.append("- ").append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    private static String cells(List<String> cells) {
        return cells.stream().map(cell -> " " + cell + " |").collect(Collectors.joining());
    }

    private static String cell(Rounds rounds, String peer, Row row) {
        List<Double> ratios = row.ratio() && !peer.equals(BASE) ? rounds.ratios(peer, BASE, row) : List.of();
        if (!ratios.isEmpty()) {
            Spread spread = Spread.of(ratios);
            return String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", spread.median(), spread.least(), spread.most());
        }
        List<Double> values = rounds.values(peer, row);
        return values.isEmpty() ? "-" : number(Spread.of(values).median());
    }

    /** Three digits, or all of a larger number's. */
    static String number(double value) {
        double size = Math.abs(value);
        String form = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, form, value);
    }

    /** One line a row for one result, for a look while a run goes on. */
    static String line(Rounds.Result result) {
        return Stream.of(Row.values()).filter(result.values()::containsKey)
                .map(row -> row.name().toLowerCase(Locale.ROOT) + " " + number(result.values().get(row)))
                .collect(Collectors.joining(", ", result.round() + " " + result.peer() + ": ", ""));
    }
}
