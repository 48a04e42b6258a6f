package org.qtop.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.qtop.proxy.config.Setting;

/**
 * Compares the README's map of rooms with the packages that exist.
 *
 * <p>The map is the Markdown table with a column {@code room}. A cell of that column names its rooms in back-quotes,
 * with or without their module: {@code `engine.seed`} or {@code `seed`}.
 */
class ReadmeTest {

    private static final Pattern NAME = Pattern.compile("`(?:(?:engine|proxy|bench)\\.)?(\\w+)`");

    @Test
    void shouldMapEveryRoomThatExistsAndNoOther() throws IOException {
        Path readme = Sources.project().resolve("README.md");
        Set<String> existing = Stream.of("engine", "proxy", "bench")
                .flatMap(module -> Sources.packages(module).stream())
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(existing, roomsOf(Files.readAllLines(readme)));
    }

    @Test
    void shouldReadRoomsFromAnyTableWithThatColumn() {
        List<String> lines = List.of("| option | room |", "text `no`", "", "| module | room | what for |",
                "|---|---|---|", "| engine | `seed` | seeds, `not` this |", "| | `bench.micro`, `load` | runs |", "",
                "| `after` | `it` |");
        assertEquals(Set.of("load", "micro", "seed"), roomsOf(lines));
    }

    private static Set<String> roomsOf(List<String> lines) {
        Set<String> rooms = new TreeSet<>();
        int column = -1;
        for (String line : lines) {
            List<String> cells = Arrays.stream(line.strip().split("\\|", -1)).map(String::strip).toList();
            if (!line.strip().startsWith("|")) {
                column = -1;
            } else if (column < 0) {
                column = cells.indexOf("room");
            } else if (column < cells.size()) {
                for (Matcher names = NAME.matcher(cells.get(column)); names.find();) {
                    rooms.add(names.group(1));
                }
            }
        }
        return rooms;
    }

    @Test
    void shouldListEverySettingWithItsDefault() throws IOException {
        List<String> rows = Files.readAllLines(Sources.project().resolve("README.md")).stream()
                .filter(line -> line.startsWith("| `--")).toList();
        for (Setting setting : Setting.values()) {
            assertTrue(rows.stream().anyMatch(row -> row.startsWith("| `--" + setting.key() + " ")
                    && row.contains("`" + setting.defaultValue().orElse("") + (setting.defaultValue().isEmpty()
                    ? "" : "`"))), "the README's table lacks --" + setting.key() + " or its default");
        }
        assertEquals(Setting.values().length + 1, rows.size(), "--config and every setting, nothing else");
    }

    @Test
    void shouldFindTheProject() {
        assertTrue(Files.exists(Sources.project().resolve("pom.xml")));
    }
}
