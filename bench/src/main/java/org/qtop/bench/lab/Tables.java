package org.qtop.bench.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.qtop.bench.attack.Attack;
import org.qtop.bench.attack.Attacks;
import org.qtop.bench.attack.Compare;
import org.qtop.bench.attack.Controls;
import org.qtop.bench.attack.Figure;
import org.qtop.bench.attack.Findings;
import org.qtop.bench.attack.Spacing;
import org.qtop.bench.attack.statistics.Interval;

/** The report's tables. Stateless. */
final class Tables {

    private static final int KIB = 1_024;

    private Tables() {
    }

    /**
     * The README's: what the strongest attack of each kind came to, and the costs, for the modes of traffic. Strongest
     * is the one whose most telling figure is highest straight at Tor.
     */
    static Table summary(Results results) {
        List<Mode> modes = Mode.forTraffic().stream().filter(mode -> results.findings().containsKey(mode.key())
                || costs(results, Task.TRAFFIC, mode).isPresent()).toList();
        Table table = new Table("What it hides, measured", head("", modes));
        kind(results, modes, table, "flow correlation, strongest of", Attack.Task.ENDS, 2);
        kind(results, modes, table, "watermark, strongest of", Attack.Task.MARK, 0);
        kind(results, modes, table, "which site, strongest of", Attack.Task.SITE, 0);
        action(results, modes, table);
        costRows(results, modes, table);
        return table;
    }

    /** A row for the most telling figure, and perhaps one for another. */
    private static void kind(Results results, List<Mode> modes, Table table, String words, Attack.Task task,
            int second) {
        List<String> names = Attacks.all().stream().filter(attack -> attack.task() == task).map(Attack::name)
                .filter(attacks(results)::contains).toList();
        Optional<String> strongest = names.stream().max(Comparator.comparingDouble(name ->
                modes.stream().flatMap(mode -> find(results, mode, name).stream()).findFirst()
                        .map(found -> found.figures().get(0).value()).orElse(0.0)));
        if (strongest.isPresent()) {
            String attack = strongest.get();
            List<Figure> figures = find(results, modes(results, attack).get(0), attack).orElseThrow().figures();
            List<Figure> shown = second == 0 ? figures.subList(0, 1)
                    : List.of(figures.get(0), figures.get(Math.min(second, figures.size() - 1)));
            for (Figure one : shown) {
                table.row(row((names.size() > 1 ? words + " " + names.size() + " (" + attack + ")" : attack) + ": "
                        + one.name(), modes, mode -> figure(results, mode, attack, one.name()).map(Tables::cell)
                        .orElse("-")));
            }
        }
    }

    /** The middle distance, half the width of the mode's own holds. */
    private static void action(Results results, List<Mode> modes, Table table) {
        int half = 3;
        List<String> cells = row("right of two moments of action, half the range apart (most by the guarantee)",
                modes, mode -> find(results, mode, "action-time").filter(found -> found.figures().size() > half)
                        .map(found -> cell(found.figures().get(half)) + bound(mode, half)).orElse("-"));
        if (cells.stream().skip(1).anyMatch(cell -> !cell.equals("-"))) {
            table.row(cells);
        }
    }

    private static String bound(Mode mode, int which) {
        return mode.hidesAction() ? " (" + Words.number(Spacings.of(mode).get(which).bound(), 3) + ")" : "";
    }

    private static void costRows(Results results, List<Mode> modes, Table table) {
        record Cost(String name, Function<Costs, Interval> value, int scale, int digits) {
        }
        List<Cost> rows = List.of(new Cost("cost: KiB up at the guard a flow", Costs::upBytes, KIB, 1),
                new Cost("cost: KiB down at the guard a flow", Costs::downBytes, KIB, 1),
                new Cost("cost: ms to the first byte, p50", Costs::firstByteP50, 1, 0),
                new Cost("cost: ms to the first byte, p95", Costs::firstByteP95, 1, 0),
                new Cost("cost: ms to the whole page, p50", Costs::wholeP50, 1, 0),
                new Cost("cost: ms to the whole page, p95", Costs::wholeP95, 1, 0),
                new Cost("cost: ms of processor a flow, client's Tor and qtop", Costs::cpuMillis, 1, 0));
        for (Cost cost : rows) {
            List<String> cells = row(cost.name(), modes, mode -> costs(results, Task.TRAFFIC, mode)
                    .map(value -> cell(cost.value().apply(value), cost.scale(), cost.digits())).orElse("-"));
            if (cells.stream().skip(1).anyMatch(cell -> !cell.equals("-"))) {
                table.row(cells);
            }
        }
    }

    /** All figures of one attack but the action's, for all modes that it was run on. */
    static Table attack(Results results, String attack) {
        List<Mode> modes = modes(results, attack);
        Table table = new Table(attack, head("figure", modes));
        table.row(row("cases in the test", modes, mode -> find(results, mode, attack)
                .map(found -> String.format(Locale.ROOT, "%,d", found.figures().get(0).cases())).orElse("-")));
        Set<String> names = new LinkedHashSet<>();
        modes.forEach(mode -> find(results, mode, attack).ifPresent(
                found -> found.figures().forEach(figure -> names.add(figure.name()))));
        for (String name : names) {
            table.row(row(name, modes, mode -> figure(results, mode, attack, name).map(Tables::cell).orElse("-")));
        }
        return table;
    }

    /** The time of an action: measured against the bound at each distance. */
    static Table actionTime(Results results) {
        Table table = new Table("action-time: right of two moments", List.of("mode", "apart", "measured",
                "most by the guarantee", "cases", "above it for sure"));
        for (Mode mode : modes(results, "action-time")) {
            Findings found = find(results, mode, "action-time").orElseThrow();
            List<Spacing> spacings = Spacings.of(mode);
            for (int i = 0; i < Math.min(spacings.size(), found.figures().size()); i++) {
                Figure figure = found.figures().get(i);
                table.row(List.of(mode.words(), Words.number(spacings.get(i).nanos() / 1e6, 3) + " ms", cell(figure),
                        mode.hidesAction() ? Words.number(spacings.get(i).bound(), 3) : "no promise",
                        String.valueOf(figure.cases()), figure.isAboveBound() ? "yes" : "no"));
            }
        }
        return table;
    }

    /** Modes against straight at Tor. */
    static Table differences(Results results) {
        Table table = new Table("Against straight at Tor, flow by flow", List.of("attack", "measure", "mode",
                "difference", "cases", "p (Holm, by attack)"));
        for (Compare.Difference one : results.differences()) {
            table.row(List.of(one.attack(), one.measure(), Mode.of(one.other()).words(), String.format(Locale.ROOT,
                    "%+.3f [%+.3f, %+.3f]", one.difference(), one.low(), one.high()), String.valueOf(one.cases()),
                    Words.number(one.holm(), 3)));
        }
        return table;
    }

    /** What must come out at chance, and at near 1. */
    static Table controls(Results results) {
        Table table = new Table("Controls", List.of("attack", "control", "must be", "measured", "cases", "is it"));
        for (Controls.Outcome one : results.controls()) {
            table.row(List.of(one.attack(), one.control(), one.expected(), one.figure().name() + " "
                    + cell(one.figure()), String.valueOf(one.figure().cases()), one.passed() ? "yes" : "NO"));
        }
        return table;
    }

    /** What all tasks cost. */
    static Table costs(Results results) {
        Table table = new Table("Costs", List.of("task", "mode", "flows", "KiB up", "KiB down",
                "first byte p50/p95 ms", "whole p50/p95 ms", "processor ms"));
        results.costs().forEach((task, modes) -> modes.forEach((mode, cost) -> table.row(List.of(task,
                Mode.of(mode).words(), String.valueOf(cost.flows()), cell(cost.upBytes(), KIB, 1),
                cell(cost.downBytes(), KIB, 1),
                cell(cost.firstByteP50(), 1, 0) + " / " + cell(cost.firstByteP95(), 1, 0),
                cell(cost.wholeP50(), 1, 0) + " / " + cell(cost.wholeP95(), 1, 0), cell(cost.cpuMillis(), 1, 1)))));
        return table;
    }

    /** The attacks that found something, in their order. */
    static List<String> attacks(Results results) {
        Set<String> names = new LinkedHashSet<>();
        results.findings().values().forEach(all -> all.forEach(found -> names.add(found.attack())));
        return List.copyOf(names);
    }

    static List<Mode> modes(Results results, String attack) {
        return java.util.Arrays.stream(Mode.values()).filter(mode -> find(results, mode, attack).isPresent()).toList();
    }

    static Optional<Findings> find(Results results, Mode mode, String attack) {
        return results.findings().getOrDefault(mode.key(), List.of()).stream()
                .filter(found -> found.attack().equals(attack)).findFirst();
    }

    private static Optional<Figure> figure(Results results, Mode mode, String attack, String name) {
        return find(results, mode, attack).flatMap(found -> found.figure(name));
    }

    static Optional<String> first(Results results, String attack) {
        return modes(results, attack).stream().flatMap(mode -> find(results, mode, attack).stream())
                .flatMap(found -> found.figures().stream().limit(1)).map(Figure::name).findFirst();
    }

    private static Optional<Costs> costs(Results results, Task task, Mode mode) {
        return Optional.ofNullable(results.costs().getOrDefault(task.key(), Map.of()).get(mode.key()));
    }

    private static List<String> head(String first, List<Mode> modes) {
        List<String> head = new ArrayList<>(List.of(first));
        modes.forEach(mode -> head.add(mode.words()));
        return head;
    }

    private interface Cell {
        String of(Mode mode);
    }

    private static List<String> row(String first, List<Mode> modes, Cell cell) {
        List<String> cells = new ArrayList<>(List.of(first));
        modes.forEach(mode -> cells.add(cell.of(mode)));
        return cells;
    }

    private static String cell(Interval interval, int scale, int digits) {
        return Double.isNaN(interval.value()) ? "-" : Words.number(interval.value() / scale, digits) + " ["
                + Words.number(interval.low() / scale, digits) + ", " + Words.number(interval.high() / scale, digits)
                + "]";
    }

    /** A value with its interval. */
    static String cell(Figure figure) {
        int digits = Math.abs(figure.value()) >= 100 ? 0 : 3;
        if (figure.kind() == Figure.Kind.DESCRIPTION) {
            return Words.number(figure.value(), digits);
        }
        return Words.number(figure.value(), digits) + " [" + Words.number(figure.low(), digits) + ", "
                + Words.number(figure.high(), digits) + "]";
    }
}
