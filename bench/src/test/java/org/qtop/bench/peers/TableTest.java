package org.qtop.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {

    private static Rounds threeRounds() {
        Rounds rounds = new Rounds();
        double[] direct = {100, 200, 50};
        double[] proxy = {150, 200, 150};
        for (int i = 0; i < direct.length; i++) {
            rounds.add(new Rounds.Result(i + 1, "direct", Map.of(Row.SETUP, direct[i])));
            rounds.add(new Rounds.Result(i + 1, "proxy", Map.of(Row.SETUP, proxy[i], Row.START, 30.0 + i)));
        }
        return rounds;
    }

    @Test
    void shouldCompareWithinARoundOnly() {
        assertEquals(List.of(1.5, 1.0, 3.0), threeRounds().ratios("proxy", "direct", Row.SETUP));
    }

    @Test
    void shouldShowTheMiddleOfTheRatiosAndTheirSpread() {
        String table = Table.markdown(threeRounds());
        assertTrue(table.contains("| | direct | proxy |\n|---|---|---|\n"), table);
        // The ratio of the medians would be 1.50 as well; that of the means 1.43.
        assertTrue(table.contains("| set-up p50, one at a time, us | 100 | 1.50 (1.00-3.00) |"), table);
        assertTrue(table.contains("| start to first stream, ms | - | 31.0 |"), table);
        assertFalse(table.contains("ping"), "a row that nobody measured");
    }

    @Test
    void shouldShowNoRatioWithoutItsBase() {
        Rounds rounds = new Rounds();
        rounds.add(new Rounds.Result(1, "proxy", Map.of(Row.SETUP, 7.0)));
        rounds.add(new Rounds.Result(2, "direct", Map.of(Row.SETUP, 1.0)));
        assertTrue(Table.markdown(rounds).contains("| set-up p50, one at a time, us | 7.00 | 1.00 |"));
    }

    @Test
    void shouldKeepRoundsInAFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("rounds.json");
        Rounds before = threeRounds();
        before.fact("CPU", "of some kind");
        before.write(file);
        Rounds after = Rounds.read(file);
        assertEquals(Table.markdown(before), Table.markdown(after));
        assertEquals(3, after.count());
        after.fact("CPU", "of some kind");
        after.fact("CPU", "of another");
        after.fact("CPU", "of another");
        assertEquals("of some kind; then of another", after.facts().get("CPU"));
        assertEquals(0, Rounds.read(folder.resolve("none.json")).count());
    }

    @ParameterizedTest
    @CsvSource({"'3', 3, 3, 3", "'3 1', 2, 1, 3", "'9 1 2', 2, 1, 9", "'4 1 3 2', 2.5, 1, 4"})
    void shouldFindTheMiddle(String values, double median, double least, double most) {
        List<Double> list = List.of(values.split(" ")).stream().map(Double::valueOf).toList();
        assertEquals(new Spread(median, least, most), Spread.of(list));
    }

    @Test
    void shouldHaveNoMiddleOfNothing() {
        assertThrows(IllegalArgumentException.class, () -> Spread.of(List.of()));
    }

    @ParameterizedTest
    @CsvSource({"0.1234, 0.12", "9.999, 10.00", "12.34, 12.3", "123.4, 123", "12345.6, '12,346'"})
    void shouldShowThreeDigits(double value, String text) {
        assertEquals(text, Table.number(value));
    }
}
