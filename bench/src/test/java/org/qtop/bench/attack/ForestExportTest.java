package org.qtop.bench.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.qtop.bench.trace.Flow;

class ForestExportTest {

    @Test
    void shouldWriteTheSplitThatTheAttackHasAndWhatItsForestSays() throws IOException {
        List<Flow> flows = new Synthetic(3).sites(4).flows(200);
        AttackSettings settings = AttackSettings.smoke(9);
        StringBuilder text = new StringBuilder();
        ForestExport.write(new Dataset("plain", flows), settings, text);
        List<String[]> rows = Stream.of(text.toString().split("\n")).map(line -> line.split(",")).toList();
        int columns = 3 + CellFeatures.of(flows.get(0).guard()).length;
        assertTrue(rows.stream().allMatch(row -> row.length == columns));
        List<String[]> training = rows.stream().filter(row -> row[0].equals("training")).toList();
        List<String[]> test = rows.stream().filter(row -> row[0].equals("test")).toList();
        assertEquals(rows.size() - 1, training.size() + test.size());
        assertEquals(Split.of(flows).training().size(), training.size());
        assertTrue(training.stream().allMatch(row -> row[2].equals("-1")));
        double right = test.stream().filter(row -> row[1].equals(row[2])).count() / (double) test.size();
        assertEquals(new KFingerprintAttack().run(Split.of(flows), settings).figures().get(0).value(), right, 1e-12);
    }
}
