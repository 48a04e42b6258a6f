package org.qtop.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.bench.attack.statistics.Interval;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.FlowStore;
import org.qtop.bench.trace.Trace;
import org.qtop.bench.trace.TraceFile;

/** What the command does without a Tor. */
class LabCommandTest {

    @TempDir
    private Path folder;

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        String out = folder.resolve("out").toString();
        assertEquals(2, LabCommand.run("--modes", "requests", "--out", out));
        assertEquals(2, LabCommand.run("--attacks", "magic", "--out", out));
        assertEquals(2, LabCommand.run("--quick"));
        assertEquals(0, LabCommand.run("--help"));
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void shouldMakeATraceFileOfACapture() throws IOException {
        Path capture = folder.resolve("a.pcap");
        Path trace = folder.resolve("a.trace");
        Files.write(capture, ByteBuffer.allocate(24).putInt(0xa1b2c3d4).putInt(20, 101).array());
        assertEquals(0, ConvertCommand.run(capture.toString(), "192.0.2.1", trace.toString()));
        assertEquals(Trace.EMPTY, TraceFile.read(trace));
        assertEquals(2, ConvertCommand.run(capture.toString(), "example.org", trace.toString()));
        assertEquals(1, ConvertCommand.run(trace.toString(), "192.0.2.1", trace.toString()));
    }

    @Test
    void shouldNotMixFlowsOfTwoRuns() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("run"));
        run.requireSame(1, "quick", "abc");
        run.note(new RunFolder.Bed(1, "quick", "abc", "0.4.9.11", List.of("auth0 20 ms"), 1));
        new RunFolder(folder.resolve("run")).requireSame(1, "quick", "abc");
        assertThrows(IllegalArgumentException.class, () -> run.requireSame(2, "quick", "abc"));
        assertThrows(IllegalArgumentException.class, () -> run.requireSame(1, "full", "abc"));
        assertThrows(IllegalArgumentException.class, () -> run.requireSame(1, "quick", "abd"));
    }

    @Test
    void shouldPlanOnlyWhatIsMissing() throws IOException {
        Orders orders = new Orders(1, Workload.SITES);
        Map<Task, Integer> counts = Map.of(Task.ACTION, 30);
        List<Mode> modes = List.of(Mode.DIRECT, Mode.ATTACH);
        for (Mode mode : modes) {
            try (Capture capture = new Capture(folder, orders, counts, modes, 0, line -> { })) {
                assertFalse(capture.complete(), mode.key());
            }
            try (FlowStore store = FlowStore.open(Capture.file(folder, Task.ACTION, mode))) {
                for (int id = 0; id < 30; id++) {
                    store.add(new Flow(id, 0, 0, id, Trace.EMPTY, Trace.EMPTY, Trace.EMPTY));
                }
            }
        }
        try (Capture capture = new Capture(folder, orders, counts, modes, 0, line -> { })) {
            assertTrue(capture.complete());
        }
        try (Capture more = new Capture(folder, orders, Map.of(Task.ACTION, 31), modes, 0, line -> { })) {
            assertFalse(more.complete());
        }
    }

    @Test
    void shouldCountWhatAModeCosts() throws IOException {
        List<Flow> flows = IntStream.range(1, 101).mapToObj(i -> new Flow(i, i, 0, 1_000_000,
                new Trace.Builder().add(2_000_000, true, 5).add(1_000_000 + i * 1_000_000L, false, 9)
                        .add(1_000_000 + i * 2_000_000L, false, 9).build(),
                new Trace.Builder().add(2_000_000, true, 10 * i).add(3_000_000, false, 1_000).build(),
                Trace.EMPTY)).filter(flow -> flow.application().nanos(1) >= 2_000_000).toList();
        Path cpu = folder.resolve("cpu");
        Costs.note(cpu, 30, 60_000_000);
        Costs.note(cpu, 10, 100_000_000);
        Costs costs = Costs.of(flows, cpu, 1_000, 7);
        assertEquals(100, costs.flows());
        assertEquals(List.of(505.0, 1_000.0, 51.0, 96.0, 102.0, 192.0, 4.0), Stream.of(costs.upBytes(),
                costs.downBytes(), costs.firstByteP50(), costs.firstByteP95(), costs.wholeP50(), costs.wholeP95(),
                costs.cpuMillis()).map(Interval::value).toList());
        // The mean of 10, 20 to 1,000 is known to 1.96 times 289 / 10; the middle of 1 to 100 to about 10 either way.
        assertEquals(505 - 56.6, costs.upBytes().low(), 6);
        assertEquals(505 + 56.6, costs.upBytes().high(), 6);
        assertEquals(41, costs.firstByteP50().low(), 4);
        assertEquals(61, costs.firstByteP50().high(), 4);
        assertEquals(new Interval(1_000, 1_000, 1_000), costs.downBytes());
        assertEquals(new Interval(4, 2, 10), costs.cpuMillis(), "one stretch or the other, or both");
        assertTrue(Double.isNaN(Costs.of(flows, folder.resolve("none"), 10, 7).cpuMillis().value()));
    }

    @Test
    void shouldWriteTablesForBothReaders() {
        Table table = new Table("t", List.of("a", "b")).row(List.of("`x` < 1", "2"));
        assertEquals("| a | b |\n|---|---|\n| `x` < 1 | 2 |\n", table.markdown());
        assertTrue(table.html().contains("<td>x &lt; 1</td><td>2</td>"), table.html());
        assertThrows(IllegalArgumentException.class, () -> table.row(List.of("one")));
    }
}
