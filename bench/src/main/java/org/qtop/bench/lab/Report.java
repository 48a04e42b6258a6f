package org.qtop.bench.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.qtop.bench.attack.Attack;
import org.qtop.bench.attack.Findings;

/**
 * Writes what a run found: {@code results.json}, {@code tables.md}, pictures and {@code index.html}. Stateless.
 */
final class Report {

    /** The file of all figures. */
    static final String JSON = "results.json";
    /** The file of tables. */
    static final String TABLES = "tables.md";
    /** The page. */
    static final String PAGE = "index.html";

    private static final String STYLE = "<style>body{font:16px/1.5 sans-serif;max-width:70rem;margin:2rem auto;"
            + "padding:0 1rem}table{border-collapse:collapse;display:block;overflow-x:auto}th,td{border:1px solid #bbb;"
            + "padding:.2rem .6rem;text-align:left}img{max-width:100%}</style>";

    private Report() {
    }

    /** Writes all files; returns the summary in Markdown. */
    static String write(Path folder, Results results, List<Attack> attacks) throws IOException {
        Files.createDirectories(folder);
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve(JSON).toFile(), results);
        List<Table> tables = new ArrayList<>();
        tables.add(Tables.summary(results));
        tables.add(Tables.actionTime(results));
        for (String attack : Tables.attacks(results)) {
            if (!attack.equals("action-time")) {
                tables.add(Tables.attack(results, attack));
            }
        }
        tables.addAll(List.of(Tables.differences(results), Tables.controls(results), Tables.costs(results)));
        tables.removeIf(Table::isEmpty);
        List<String> pictures = Pictures.draw(results, folder);
        List<String> words = new ArrayList<>(circumstances(results.run()));
        List<String> notes = notes(results, attacks);
        List<String> next = Advice.of(results);
        Files.writeString(folder.resolve(TABLES), markdown(tables, words, notes, next), StandardCharsets.UTF_8);
        Files.writeString(folder.resolve(PAGE), page(tables, pictures, words, notes, next), StandardCharsets.UTF_8);
        return Tables.summary(results).markdown();
    }

    static List<String> circumstances(RunInfo run) {
        List<String> words = new ArrayList<>(List.of("Command: " + run.command(), "Commit: " + run.commit(),
                "Seed: " + run.seed(), "Ended: " + run.ended(), "Machine: " + run.machine(), "Java: " + run.java(),
                "Tor: " + run.tor(), "Wires: " + run.wires() + " (" + String.join(", ", run.links()) + ")",
                "Flows given up after three attempts: " + run.lost()));
        words.addAll(run.notes());
        return words;
    }

    private static List<String> notes(Results results, List<Attack> attacks) {
        List<String> notes = new ArrayList<>();
        attacks.forEach(attack -> notes.add(attack.name() + ": " + attack.source()));
        results.findings().forEach((mode, all) -> {
            for (Findings found : all) {
                found.notes().forEach(note -> notes.add(found.attack() + " on " + mode + ": " + note));
            }
        });
        return notes;
    }

    private static String markdown(List<Table> tables, List<String> words, List<String> notes, List<String> next) {
        StringBuilder text = new StringBuilder();
        for (Table table : tables) {
            text.append("## ").append(table.title()).append("\n\n").append(table.markdown()).append('\n');
        }
        list(text, "Circumstances", words);
        list(text, "Attacks and notes", notes);
        list(text, "What the figures suggest building next", next);
        return text.toString();
    }

    private static void list(StringBuilder text, String title, List<String> lines) {
        text.append("## ").append(title).append("\n\n");
        lines.forEach(line -> text.append("- ").append(line).append('\n'));
        text.append('\n');
    }

    private static String page(List<Table> tables, List<String> pictures, List<String> words, List<String> notes,
            List<String> next) {
        StringBuilder text = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><title>What it hides, measured</title>")
                .append(STYLE).append("</head><body>\n<h1>What it hides, measured</h1>\n");
        htmlList(text, "Circumstances", words);
        for (Table table : tables) {
            text.append("<h2>").append(Table.escape(table.title())).append("</h2>\n").append(table.html());
        }
        text.append("<h2>Pictures</h2>\n");
        pictures.forEach(name -> text.append("<p><img src=\"").append(name).append("\" alt=\"")
                .append(name, 0, name.length() - 4).append("\"></p>\n"));
        htmlList(text, "Attacks and notes", notes);
        htmlList(text, "What the figures suggest building next", next);
        return text.append("</body></html>\n").toString();
    }

    private static void htmlList(StringBuilder text, String title, List<String> lines) {
        text.append("<h2>").append(title).append("</h2>\n<ul>\n");
        lines.forEach(line -> text.append("<li>").append(Table.escape(line)).append("</li>\n"));
        text.append("</ul>\n");
    }
}
