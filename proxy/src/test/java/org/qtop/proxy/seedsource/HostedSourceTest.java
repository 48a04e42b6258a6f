package org.qtop.proxy.seedsource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.seed.SeedAccount;
import org.qtop.engine.seed.SeedSource;
import org.qtop.engine.seed.SeedSources;
import org.qtop.proxy.seedsource.StandInService.Fault;
import org.qtop.proxy.seedsource.StandInService.HandClock;

/** What the hosted sources ask, how they rest, and how they count their bits. */
class HostedSourceTest {

    @TempDir
    private Path folder;
    private final HandClock clock = new HandClock("2026-03-01T22:00:00Z");
    private final byte[] bytes = new byte[1024];

    @Test
    void shouldAskOutshiftInPagesAsItsClientsDo() throws IOException {
        try (StandInService service = StandInService.of("outshift", 1);
                QuantumCache cache = new QuantumCache(QuantumCache.MIN_CAPACITY,
                        List.of(service.source(folder, clock)), Runnable::run)) {
            assertEquals(List.of(outshiftAsks(1000), outshiftAsks(24)), service.requests());
            SeedAccount account = cache.account();
            assertEquals("outshift", account.lastReseedOrigin());
            assertEquals(8192, account.bits("outshift"));
            assertEquals(List.of(), account.setAside());
            assertEquals("2026-03-01 8192", Files.readString(folder.resolve("outshift.bits")).strip());
        }
    }

    private static String outshiftAsks(int blocks) {
        return "POST /api/v1/random_numbers application/json true {\"encoding\":\"raw\",\"format\":\"all\","
                + "\"bits_per_block\":8,\"number_of_blocks\":" + blocks + "}";
    }

    @Test
    void shouldAskAnuAsItsDocumentationSays() throws IOException {
        try (StandInService service = StandInService.of("anu", 1);
                QuantumCache cache = new QuantumCache(QuantumCache.MIN_CAPACITY,
                        List.of(service.source(folder, clock)), Runnable::run)) {
            assertEquals(List.of("GET /?length=1024&type=uint8 null true "), service.requests());
            assertEquals(8192, cache.account().bits("anu"));
        }
    }

    @Test
    void shouldKeepTheDaysBitsAcrossRunsAndRenewThemAtMidnight() throws IOException {
        try (StandInService service = StandInService.of("anu", 1)) {
            for (int run = 0; run < 3; run++) {
                SeedSource source = service.source(folder, clock, 30_000, 0);
                assertEquals(1024, source.read(bytes, 0, 1024));
            }
            SeedSource source = service.source(folder, clock, 30_000, 0);
            String reason = fails(source, 1024);
            assertTrue(reason.contains("24,576 of the day's 30,000 bits are used, and 8,192 are needed; asked again"
                    + " after 2026-03-02 00:00:00 UTC"), reason);
            clock.pass(Duration.ofHours(2));
            assertEquals(1024, source.read(bytes, 0, 1024));
            assertEquals(4, service.requests().size());
        }
    }

    @Test
    void shouldNotBeginADrawThatTheDayCannotEnd() throws IOException {
        try (StandInService service = StandInService.of("outshift", 1)) {
            fails(service.source(folder, clock, 8_191, 0), 1024);
            assertEquals(List.of(), service.requests());
            assertEquals("2026-03-01 0", Files.readString(folder.resolve("outshift.bits")).strip());
        }
    }

    @ParameterizedTest
    @CsvSource({"WRONG_KEY, 0", "QUOTA, 0", "BROKEN, 8000", "SHORT, 8000"})
    void shouldCountBitsUnlessTheServiceClearlyGaveNone(Fault fault, int counted) throws IOException {
        try (StandInService service = StandInService.of("outshift", 1)) {
            service.misbehave(fault);
            fails(service.source(folder, clock, 100_000, 0), 1000);
            assertEquals("2026-03-01 " + counted, Files.readString(folder.resolve("outshift.bits")).strip());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "120 | 22:02:00", "0 | 22:00:01", "999999999 | 2026-03-02 22:00:00", "-5 | 23:00:00", "soon | 23:00:00",
        "Sun, 01 Mar 2026 22:30:00 GMT | 22:30:00", "Sun, 01 Mar 2026 21:00:00 GMT | 22:00:01",
        "Sun, 01 Mar 2099 21:00:00 GMT | 2026-03-02 22:00:00"})
    void shouldHonourRetryAfterWithinBounds(String text, String until) throws IOException {
        try (StandInService service = StandInService.of("outshift", 1)) {
            service.misbehave(Fault.QUOTA);
            service.retryAfter(text);
            String reason = fails(service.source(folder, clock, 100_000, 0), 1000);
            assertTrue(reason.endsWith(until + " UTC"), reason);
        }
    }

    @Test
    void shouldRestTwiceAsLongEachTimeLessARandomPart() throws IOException {
        try (StandInService service = StandInService.of("outshift", 1)) {
            service.misbehave(Fault.BROKEN);
            HostedSeedSource source = service.source(folder, clock, 999_999_999, 0.5);
            int[] seconds = {45, 90, 180, 360};
            for (int i = 0; i < seconds.length; i++) {
                String reason = fails(source, 1000);
                assertEquals(i + 1, service.requests().size());
                clock.pass(Duration.ofSeconds(seconds[i]).minusMillis(1));
                assertEquals(reason, fails(source, 1000));
                assertEquals(i + 1, service.requests().size());
                clock.pass(Duration.ofMillis(1));
            }
            service.misbehave(null);
            assertEquals(1000, source.read(bytes, 0, 1000));
            service.misbehave(Fault.BROKEN);
            fails(source, 1000);
            clock.pass(Duration.ofSeconds(45));
            fails(source, 1000);
            assertEquals(7, service.requests().size());
        }
    }

    @Test
    void shouldNotTakeTheKeyAlongToAnotherPlace() throws IOException {
        try (StandInService service = StandInService.of("anu", 1)) {
            service.misbehave(Fault.MOVED);
            fails(service.source(folder, clock, 100_000, 0), 1000);
            assertEquals(1, service.requests().size());
        }
    }

    private String fails(SeedSource source, int length) {
        String reason = assertThrows(IOException.class, () -> source.read(bytes, 0, length)).getMessage();
        assertFalse(reason.contains(StandInService.KEY) || reason.contains("\n"), reason);
        return reason;
    }

    @Test
    void shouldRefuseANoteThatIsNoneOfOurs() throws IOException {
        Files.writeString(folder.resolve("anu.bits"), "a letter");
        IOException e = assertThrows(IOException.class, () -> new Allowance(folder, "anu", 1, clock));
        assertTrue(e.getMessage().contains("anu.bits") && e.getMessage().contains("something else"), e.getMessage());
    }

    @Test
    void shouldRefuseAFolderWhereNothingCanBeNoted() throws IOException {
        Files.createDirectory(folder.resolve("anu.bits"));
        assertThrows(IOException.class, () -> new Allowance(folder, "anu", 1, clock));
    }

    @Test
    void shouldKeepItsNotesToItsOwner() throws IOException {
        new Allowance(folder, "anu", 1, clock);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(
                folder.resolve("anu.bits"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"outshift | KEY1 | KEY1", "anu | KEY1 | KEY1", "anu | ' KEY=/+1 ' | KEY=/+1",
        "anu | outshift = A\\nanu = B | B", "outshift | # keys\\n\\ncisco_qapi=A\\nanu=B | A"})
    void shouldFindTheKeyInAFile(String service, String text, String key) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), text.replace("\\n", "\n") + "\n");
        assertEquals(key, ServiceKey.find(service, Map.of("key-file", file.toString(), "QTOP_OUTSHIFT_KEY", "no",
                "QTOP_ANU_KEY", "no")));
    }

    @Test
    void shouldFindTheKeyInTheEnvironment() throws IOException {
        assertEquals("E", ServiceKey.find("outshift", Map.of("QTOP_OUTSHIFT_KEY", "E", "QTOP_ANU_KEY", "no")));
        Path file = Files.writeString(folder.resolve("key"), "anu = B\n");
        assertEquals("E", ServiceKey.find("outshift", Map.of("key-file", file.toString(), "QTOP_OUTSHIFT_KEY", "E")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "Schlüssel", "one\ntwo", "anu = B", ""})
    void shouldRefuseWhatIsNoKeyWithoutSayingIt(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), text);
        Exception e = assertThrows(Exception.class, () -> ServiceKey.find("outshift",
                Map.of("key-file", file.toString())));
        assertFalse(!text.isEmpty() && e.getMessage().contains(text), e.getMessage());
    }

    @Test
    void shouldBeFoundByItsNameAndNeedAKey() {
        for (String name : List.of("outshift", "cisco_qapi", "anu")) {
            String message = assertThrows(IllegalArgumentException.class, () -> SeedSources.open(name, Map.of()))
                    .getMessage();
            assertTrue(message.matches("a key is needed: set the environment variable QTOP_(OUTSHIFT|ANU)_KEY .*"),
                    message);
        }
        assertThrows(IllegalArgumentException.class, () -> SeedSources.open("anu:key", Map.of()));
    }

    @Test
    void shouldOpenWithAKeyAndAFolder() throws IOException {
        try (SeedSource source = SeedSources.open("cisco_qapi", Map.of("QTOP_OUTSHIFT_KEY", "k", "state-folder",
                folder.resolve("new").toString(), "via-tor", "yes"))) {
            assertEquals("outshift", source.name());
            assertEquals("Tor is not there yet", fails(source, 8).split(";")[0]);
        }
    }
}
