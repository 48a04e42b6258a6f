package org.qtop.proxy.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamEvent.Status;

/** Telling a controller that is gone from one that is alive, under a clock that stands. */
class GuardTest {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path net;
    private final SteeringStandIn tor = new SteeringStandIn();
    private Company company = Company.ALONE;
    private long now = Long.MAX_VALUE - SECOND;
    private final Guard guard = new Guard(tor, () -> company, () -> now);

    private static StreamEvent waiting(long id) {
        return new StreamEvent(id, Status.NEW, 0, null, null, null, null);
    }

    private Optional<Rescue.Freed> lookAfter(long nanos) throws Exception {
        now += nanos;
        return guard.lookOnce().freed();
    }

    @Test
    void shouldLeaveATorAloneThatNeedsNoHelp() throws Exception {
        assertEquals(new Guard.Look(Guard.State.FREE, Optional.empty()), guard.look());
        assertEquals(List.of(Rescue.OPTION_ASKED), tor.sent());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldFreeATorThatNobodyElseIsConnectedToWhetherSomethingWaitsOrNot(int streams) throws Exception {
        tor.optionOn = true;
        tor.streams = List.of(waiting(7)).subList(0, streams);
        assertEquals(Optional.empty(), lookAfter(0));
        assertEquals(streams, lookAfter(SECOND).orElseThrow().attached());
        assertFalse(tor.optionOn);
    }

    @Test
    void shouldGiveAControllerThatLostItsConnectionTimeToComeBack() throws Exception {
        tor.optionOn = true;
        assertEquals(Optional.empty(), lookAfter(0));
        company = Company.OTHERS;
        assertEquals(Optional.empty(), lookAfter(SECOND));
        company = Company.ALONE;
        assertEquals(Optional.empty(), lookAfter(SECOND));
        assertTrue(lookAfter(SECOND).isPresent());
    }

    @ParameterizedTest
    @EnumSource(names = {"OTHERS", "UNKNOWN"})
    void shouldNotActAgainstOneThatIsAliveHoweverLongItHolds(Company who) throws Exception {
        company = who;
        tor.optionOn = true;
        for (int second = 0; second < 200; second++) {
            // Each waits for 60 s; the first is attached then and waits for a circuit.
            tor.streams = second % 61 == 60 ? List.of(waiting(9)) : List.of(waiting(9), waiting(10 + second / 61));
            tor.codes.put("ATTACHSTREAM 9 0", 555);
            assertEquals(new Guard.Look(Guard.State.LEFT, Optional.empty()), guard.lookOnce());
            now += SECOND;
        }
        assertTrue(tor.optionOn);
        List<String> asked = tor.sent().stream().filter(line -> line.startsWith("ATTACHSTREAM")).toList();
        assertEquals(List.of("ATTACHSTREAM 9 0"), asked.stream().distinct().toList());
        assertEquals(3, asked.size());
    }

    @ParameterizedTest
    @EnumSource(names = {"OTHERS", "UNKNOWN"})
    void shouldFreeATorWhoseStreamNobodyTookInTheLongestTime(Company who) throws Exception {
        company = who;
        tor.optionOn = true;
        tor.streams = List.of(waiting(7), waiting(8));
        assertEquals(Optional.empty(), lookAfter(0));
        assertEquals(Optional.empty(), lookAfter(Absence.LONGEST_WAIT_NANOS - 1));
        assertTrue(lookAfter(1).isPresent());
        assertFalse(tor.optionOn);
    }

    @Test
    void shouldCountConnectionsOfAllControlPorts() throws Exception {
        String listeners = "\"127.0.0.1:9051\" \"[::1]:9151\" \"unix:/run/tor/the control\"";
        String head = "  sl  local_address rem_address   st\n";
        String listening = "   0: 0100007F:235B 00000000:0000 0A 0:0 0:0 0 0 0\n";
        String client = "   1: 0100007F:C350 0100007F:235B 01 0:0 0:0 0 0 0\n";
        String accepted = "   2: 0100007F:235B 0100007F:C350 01 0:0 0:0 0 0 0\n";
        String closing = "   3: 0100007F:235B 0100007F:C351 08 0:0 0:0 0 0 0\n";
        tables(head + listening + client + closing, head, "");
        assertEquals(Company.UNKNOWN, Company.of(net, listeners), "not even ours");
        tables(head + listening + client + accepted, head, "");
        assertEquals(Company.ALONE, Company.of(net, listeners));
        tables(head + accepted, head + accepted.replace(":235B", ":23BF"), "");
        assertEquals(Company.OTHERS, Company.of(net, listeners));
        String unix = "00000000954ab5f9: 00000003 00000000 00000000 0001 03 491 /run/tor/the control\n";
        tables(head + accepted, head, unix);
        assertEquals(Company.OTHERS, Company.of(net, listeners));
        tables(head, head, unix + unix.replace(" 03 ", " 01 ") + unix.replace("the", "no"));
        assertEquals(Company.ALONE, Company.of(net, listeners));
    }

    private void tables(String tcp, String tcp6, String unix) throws Exception {
        Files.writeString(net.resolve("tcp"), tcp, StandardCharsets.ISO_8859_1);
        Files.writeString(net.resolve("tcp6"), tcp6, StandardCharsets.ISO_8859_1);
        Files.writeString(net.resolve("unix"), unix, StandardCharsets.ISO_8859_1);
    }
}
