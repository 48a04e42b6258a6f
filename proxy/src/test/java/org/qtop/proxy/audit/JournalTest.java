package org.qtop.proxy.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamTable;

class JournalTest {

    @TempDir
    private Path folder;
    private Path file;
    private final AtomicLong seeds = new AtomicLong(1);
    private final TopologicalTimingEngine engine = new TopologicalTimingEngine(
            () -> seeds.getAndAdd(0x9E3779B97F4A7C15L), HoldLaw.uniform(100_000, 10_000_000), 2 * Math.PI, 100);
    private final Metrics metrics = new Metrics();

    @BeforeEach
    void nameFile() {
        file = folder.resolve("journal");
    }

    /** Writes a journal of streams on circuits 0 (unmatched), 1 and 2 in turn. */
    private void write(int streams) throws SettingException {
        Holds holds = new Holds(engine);
        try (Audit audit = new Audit(engine, metrics, Optional.of(file))) {
            StreamTable table = new StreamTable(metrics, audit::record);
            table.connected();
            for (int i = 0; i < streams; i++) {
                ProxyStream stream = holds.plan(Kind.CONNECT);
                stream.released(10 + i);
                var source = new java.net.InetSocketAddress(1_000 + i);
                table.opened(stream, source);
                if (i % 3 != 0) {
                    table.onStream(new StreamEvent(i + 1, StreamEvent.Status.NEW, 0, source, null, null, null));
                    table.onStream(new StreamEvent(i + 1, StreamEvent.Status.SUCCEEDED, i % 3, null, null, null, null));
                }
            }
            table.close();
            assertEquals(streams, audit.recorded());
            assertEquals(0, audit.violations());
            assertEquals(streams, audit.releases().size());
        }
    }

    @Test
    void shouldVerifyWhatWasWritten() throws Exception {
        write(30);
        JournalCheck check = JournalCheck.of(file);
        assertEquals(new JournalCheck(3, 30, 10, 0, List.of()), check);
    }

    @Test
    void shouldVerifyAJournalOfSeveralRuns() throws Exception {
        write(30);
        engine.closeAll();
        write(30);
        assertEquals(0, JournalCheck.of(file).violations());
        assertEquals(60, JournalCheck.of(file).streams());
    }

    @Test
    void shouldBeReadableByItsOwnerAlone() throws Exception {
        write(1);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldWriteWhatItReads() throws Exception {
        write(6);
        for (String line : Files.readAllLines(file)) {
            assertEquals(line, JournalLine.write(JournalLine.read(line)));
        }
    }

    @Test
    void shouldWriteNullForStandIns() throws Exception {
        write(3);
        List<String> lines = Files.readAllLines(file);
        assertTrue(lines.get(0).startsWith("{\"stream\":2,\"circuit\":1,"), lines.get(0));
        assertTrue(lines.get(2).startsWith("{\"stream\":null,\"circuit\":null,"), lines.get(2));
    }

    /** Every bit of an advance is covered, those below one nanosecond of hold too, on every line. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 11})
    void shouldFindOneViolationWhenOneAdvanceIsChanged(int at) throws Exception {
        write(12);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        String line = lines.get(at);
        int digit = line.indexOf("\"advance\":\"") + "\"advance\":\"".length() + 15;
        lines.set(at, line.substring(0, digit) + (line.charAt(digit) == '0' ? '1' : '0') + line.substring(digit + 1));
        Files.write(file, lines);
        JournalCheck check = JournalCheck.of(file);
        assertEquals(1, check.violations(), check.toString());
        assertTrue(check.findings().get(0).startsWith("line " + (at + 1) + ":"), check.toString());
    }

    @Test
    void shouldFindADroppedAndARepeatedLine() throws Exception {
        write(12);
        List<String> lines = Files.readAllLines(file);
        List<String> dropped = new ArrayList<>(lines);
        dropped.remove(5);
        Files.write(file, dropped);
        assertEquals(1, JournalCheck.of(file).violations());
        List<String> repeated = new ArrayList<>(lines);
        repeated.add(5, repeated.get(5));
        Files.write(file, repeated);
        assertEquals(1, JournalCheck.of(file).violations());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'' | not a JSON object", "nonsense | not JSON", "{} | kind",
        "{\"kind\":\"connect\"} | stream", "[1] | not a JSON object", "{\"kind\":[]} | plain value"})
    void shouldCountALineThatIsNoReleaseAsAViolation(String line, String why) throws Exception {
        Files.writeString(file, line + "\n");
        JournalCheck check = JournalCheck.of(file);
        assertEquals(1, check.violations());
        assertTrue(check.findings().get(0).contains(why), check.toString());
    }

    @Test
    void shouldSayWhichFileCannotBeWritten() {
        Path missing = folder.resolve("missing").resolve("journal");
        SettingException e = assertThrows(SettingException.class,
                () -> new Audit(engine, metrics, Optional.of(missing)));
        assertTrue(e.getMessage().contains(missing.toString()), e.getMessage());
        assertTrue(e.aboutFile());
    }

    @Test
    void shouldCountWhatADiskRefuses() throws Exception {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full), "/dev/full is missing");
        try (Audit audit = new Audit(engine, metrics, Optional.of(full))) {
            ProxyStream stream = new Holds(engine).plan(Kind.RESOLVE);
            audit.record(stream);
            audit.record(stream);
            assertEquals(2, audit.recorded());
        }
        assertEquals(2, metrics.value(Counter.JOURNAL_FAILURES));
    }
}
