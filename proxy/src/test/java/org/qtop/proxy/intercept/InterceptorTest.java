package org.qtop.proxy.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.engine.verify.ReleaseRecord;
import org.qtop.proxy.audit.Audit;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.control.ControlReply;
import org.qtop.proxy.control.LoginMethod;
import org.qtop.proxy.control.TorIdentity;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamEvent.Status;
import org.qtop.proxy.stream.StreamTable;

/** The host of the rules, under a clock that stands, on a Tor that answers as it is told. */
class InterceptorTest {

    private static final long MIN = 1_000_000;
    private static final long MAX = 10_000_000;
    private static final TorIdentity TOR = new TorIdentity("0.4.9.11", LoginMethod.NULL, 1, 1, 0);

    private final SplittableRandom random = new SplittableRandom(5);
    private final TopologicalTimingEngine engine =
            new TopologicalTimingEngine(random::nextLong, HoldLaw.uniform(MIN, MAX), 2 * Math.PI, 100);
    private final Metrics metrics = new Metrics();
    private final ManualHoldTimer timer = new ManualHoldTimer();
    private final SteeringStandIn tor = new SteeringStandIn();
    private Audit audit;
    private StreamTable table;
    private Interceptor interceptor;

    @BeforeEach
    void make() throws Exception {
        audit = new Audit(engine, metrics, Optional.empty());
        table = new StreamTable(metrics, audit::record);
        interceptor = new Interceptor(engine, table, metrics, new AtomicLong()::incrementAndGet, timer);
        table.connected();
        interceptor.onConnected(TOR, false);
    }

    private void event(long id, Status status, long circuit) {
        StreamEvent event = new StreamEvent(id, status, circuit, null, null, null, null);
        interceptor.onStream(event);
    }

    private void arrive(long id) {
        event(id, Status.NEW, 0);
        event(id, Status.CONTROLLER_WAIT, 0);
    }

    private static StreamEvent waiting(long id) {
        return new StreamEvent(id, Status.NEW, 0, null, null, null, null);
    }

    @Test
    void shouldTryBeforeItTakesStreams() throws Exception {
        assertFalse(interceptor.active());
        assertFalse(interceptor.start(tor));
        assertEquals(List.of("ATTACHSTREAM 0 0", Rescue.OPTION_ASKED, Rescue.OPTION_ON, "streams"), tor.sent());
        assertTrue(interceptor.active());
        assertFalse(interceptor.start(tor));
        assertEquals(List.of(), tor.sent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ATTACHSTREAM", "SETCONF"})
    void shouldSayThatAFilterForbidsIt(String command) throws Exception {
        tor.codes.put(command, 510);
        InterceptException e = assertThrows(InterceptException.class, () -> interceptor.start(tor));
        assertEquals(InterceptException.Kind.FORBIDDEN, e.kind());
        assertTrue(e.getMessage().contains(command) && e.getMessage().contains("filter"), e.getMessage());
        assertFalse(tor.optionOn);
        assertFalse(interceptor.active());
        arrive(7);
        assertEquals(0, interceptor.held());
        assertTrue(interceptor.stop());
    }

    @Test
    void shouldHoldAndAccountForAStreamOnTheCircuitThatCarriedIt() throws Exception {
        interceptor.start(tor);
        tor.sent();
        arrive(7);
        assertEquals(1, interceptor.held());
        timer.advance(MIN - 1);
        assertEquals(List.of(), tor.sent());
        timer.advance(MAX);
        assertEquals(List.of("ATTACHSTREAM 7 0"), tor.sent());
        event(7, Status.SENTCONNECT, 3);
        event(7, Status.DETACHED, 3);
        event(7, Status.CONTROLLER_WAIT, 0);
        assertEquals(List.of("ATTACHSTREAM 7 0"), tor.sent());
        event(7, Status.SENTCONNECT, 5);
        event(7, Status.SUCCEEDED, 5);
        event(7, Status.CLOSED, 5);
        assertEquals(1, audit.recorded());
        ReleaseRecord record = audit.releases().get(0).record();
        assertEquals(7, record.stream());
        assertEquals(5, record.circuit());
        assertEquals(0, record.latenessNanos());
        assertEquals(0, audit.violations());
        assertEquals(0, table.pending());
    }

    @Test
    void shouldHoldThousandsOnOneAlarm() throws Exception {
        interceptor.start(tor);
        for (long id = 1; id <= 5_000; id++) {
            arrive(id);
            timer.advance(100);
        }
        assertTrue(timer.tasks() < 50, () -> timer.tasks() + " tasks");
        timer.advance(MAX);
        assertEquals(0, interceptor.held());
        assertTrue(timer.tasks() < 50, () -> timer.tasks() + " tasks");
        for (long id = 1; id <= 5_000; id++) {
            event(id, Status.SENTCONNECT, 1 + id % 3);
            event(id, Status.SUCCEEDED, 1 + id % 3);
        }
        assertEquals(5_000, audit.recorded());
        assertEquals(0, audit.violations());
        assertTrue(audit.releases().stream().allMatch(release -> release.record().latenessNanos() == 0));
    }

    @Test
    void shouldAccountForResolutionsWhenTheyAreOver() throws Exception {
        interceptor.start(tor);
        event(7, Status.NEWRESOLVE, 0);
        event(7, Status.CONTROLLER_WAIT, 0);
        timer.advance(MAX);
        event(7, Status.SENTRESOLVE, 3);
        assertEquals(0, audit.recorded());
        event(7, Status.CLOSED, 3);
        Release release = audit.releases().get(0);
        assertEquals(Kind.RESOLVE, release.kind());
        assertEquals(3, release.record().circuit());
    }

    @Test
    void shouldLeaveNothingHeldWhenItStops() throws Exception {
        interceptor.start(tor);
        arrive(7);
        tor.sent();
        tor.streams = List.of(waiting(7), waiting(8), new StreamEvent(9, Status.SUCCEEDED, 2, null, null, null, null));
        assertTrue(interceptor.stop());
        List<String> sent = tor.sent();
        assertEquals(Rescue.OPTION_OFF, sent.get(0));
        assertEquals("ATTACHSTREAM 7 0", sent.get(1));
        assertEquals("ATTACHSTREAM 8 0", sent.get(sent.size() - 1));
        assertEquals(1, sent.stream().filter("ATTACHSTREAM 7 0"::equals).count());
        assertFalse(tor.optionOn);
        assertEquals(1, metrics.value(Counter.STREAMS_CUT_SHORT));
        assertEquals(0, audit.recorded());
        assertTrue(interceptor.stop());
        assertEquals(List.of(), tor.sent());
        interceptor.close();
        assertTrue(timer.closed);
    }

    @Test
    void shouldStopThoughItsThreadIsInterrupted() throws Exception {
        interceptor.start(tor);
        Thread.currentThread().interrupt();
        interceptor.close();
        assertTrue(Thread.interrupted());
        assertFalse(tor.optionOn);
    }

    @Test
    void shouldHoldOnOverACutOfTheConnection() throws Exception {
        interceptor.start(tor);
        arrive(7);
        interceptor.onLost("cut");
        table.disconnected();
        tor.lost = true;
        assertFalse(interceptor.active());
        timer.advance(MAX + TimeUnit.SECONDS.toNanos(3));
        tor.lost = false;
        tor.optionOn = false;
        tor.sent();
        tor.streams = List.of(waiting(7), waiting(8));
        table.connected();
        interceptor.onConnected(TOR, true);
        assertEquals(List.of(Rescue.OPTION_ON, "streams", "ATTACHSTREAM 8 0", "ATTACHSTREAM 7 0"), tor.sent());
        assertTrue(interceptor.active());
        event(7, Status.SUCCEEDED, 2);
        assertEquals(1, audit.recorded());
        assertTrue(audit.releases().get(0).record().latenessNanos() > TimeUnit.SECONDS.toNanos(3));
        assertEquals(1, metrics.value(Counter.STREAMS_UNHELD));
    }

    @Test
    void shouldAttachWhatIsDueAfterACutThoughTorDoesNotTellItsStreams() throws Exception {
        interceptor.start(tor);
        arrive(7);
        interceptor.onLost("cut");
        tor.lost = true;
        timer.advance(MAX);
        tor.lost = false;
        tor.streamsRefused = true;
        tor.sent();
        interceptor.onConnected(TOR, true);
        assertEquals(List.of(Rescue.OPTION_ON, "ATTACHSTREAM 7 0"), tor.sent());
    }

    @Test
    void shouldTakeTheStreamsAgainAfterAReload() throws Exception {
        interceptor.start(tor);
        tor.optionOn = false;
        interceptor.onSignal("NEWNYM");
        assertFalse(tor.optionOn);
        interceptor.onSignal("RELOAD");
        assertTrue(tor.optionOn);
        assertEquals(1, metrics.value(Counter.OPTION_RESTORED));
    }

    @Test
    void shouldNoticeWithinASecondThatAnotherControllerTurnedTheOptionOff() throws Exception {
        interceptor.start(tor);
        timer.advance(Interceptor.LOOK_NANOS);
        assertEquals(0, metrics.value(Counter.OPTION_RESTORED));
        tor.send(Rescue.OPTION_OFF);
        timer.advance(Interceptor.LOOK_NANOS);
        assertTrue(tor.optionOn);
        assertEquals(1, metrics.value(Counter.OPTION_RESTORED));
        interceptor.stop();
        tor.sent();
        timer.advance(10 * Interceptor.LOOK_NANOS);
        assertEquals(List.of(), tor.sent());
    }

    @Test
    void shouldLookAtEveryStreamAfterEventsWereMissed() throws Exception {
        interceptor.start(tor);
        tor.sent();
        tor.streams = List.of(waiting(7));
        timer.advance(Interceptor.LOOK_NANOS);
        assertEquals(List.of(Rescue.OPTION_ASKED), tor.sent());
        tor.missed++;
        timer.advance(Interceptor.LOOK_NANOS);
        assertEquals(List.of(Rescue.OPTION_ASKED, "streams", "ATTACHSTREAM 7 0"), tor.sent());
    }

    @Test
    void shouldAttachStreamsThatWaitAlready() throws Exception {
        tor.optionOn = true;
        tor.streams = List.of(waiting(3));
        assertTrue(interceptor.start(tor), "a controller was there before");
        assertEquals(4, tor.sent().size());
        timer.advance(Turns.FIRST_PATIENCE_NANOS);
        assertTrue(tor.sent().contains("ATTACHSTREAM 3 0"), "nobody else wants it");
        assertEquals(1, metrics.value(Counter.STREAMS_UNHELD));
    }

    @Test
    void shouldReadTheAnswersOfRealTors() {
        assertTrue(Rescue.isOn(new ControlReply(250, List.of("__LeaveStreamsUnattached=1"))));
        assertFalse(Rescue.isOn(new ControlReply(250, List.of("__LeaveStreamsUnattached=0"))));
        assertFalse(Rescue.isOn(new ControlReply(552, List.of("__LeaveStreamsUnattached=1"))));
    }

    @Test
    void shouldFreeATorThatWasLeftStuck() throws Exception {
        tor.optionOn = true;
        tor.streams = List.of(waiting(1), waiting(2), waiting(3), waiting(4));
        tor.codes.put("ATTACHSTREAM 2 0", 552);
        tor.codes.put("ATTACHSTREAM 3 0", 555);
        Rescue.Freed freed = Rescue.free(tor, Rescue.LIMIT, id -> id == 4);
        assertEquals(new Rescue.Freed(true, 1, 1, 1), freed);
        assertFalse(tor.optionOn);
        assertEquals("Tor left its streams to a controller: no longer; 1 stream that waited is on the way now, 1 had"
                + " ended", freed.text());
        assertEquals("Tor attaches its streams itself; no stream waited", new Rescue.Freed(false, 0, 0, 0).text());
    }
}
