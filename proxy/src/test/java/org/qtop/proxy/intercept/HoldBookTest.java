package org.qtop.proxy.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamEvent.Status;

/** The rules, one by one, with the time handed in. */
class HoldBookTest {

    private static final long HOLD = 1_000;

    private final Metrics metrics = new Metrics();
    private final List<String> effects = new ArrayList<>();
    private final List<Kind> kinds = new ArrayList<>();
    private final Set<Long> heldBefore = new HashSet<>();
    private long hold = HOLD;
    private final HoldBook book = new HoldBook(new HoldBook.Effects() {
        @Override
        public ProxyStream plan(long torStream, Kind kind) {
            kinds.add(kind);
            return new ProxyStream(100 + torStream, kind, 0, hold);
        }

        @Override
        public void attach(long torStream) {
            effects.add("attach " + torStream);
        }

        @Override
        public void wakeAt(long nanos) {
            effects.add("wake " + nanos);
        }

        @Override
        public void released(ProxyStream stream, long torStream, List<StreamEvent> since) {
            effects.add("released " + stream.number() + " late " + stream.latenessNanos() + " "
                    + since.stream().map(event -> event.status() + "/" + event.circuitId()).toList());
        }
    }, heldBefore::contains, metrics);

    @BeforeEach
    void begin() {
        book.begin(false);
        book.connected(false);
    }

    private static StreamEvent event(long id, Status status, long circuit) {
        return new StreamEvent(id, status, circuit, null, null, null, "USER");
    }

    private void event(long id, Status status) {
        event(id, status, 0, 0);
    }

    private void event(long id, Status status, long circuit, long now) {
        book.event(event(id, status, circuit), now);
    }

    private void arrive(long id, long now) {
        event(id, Status.NEW, 0, now);
        event(id, Status.CONTROLLER_WAIT, 0, now);
    }

    private List<String> effects() {
        List<String> since = List.copyOf(effects);
        effects.clear();
        return since;
    }

    private long count(Counter counter) {
        return metrics.value(counter);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5, -HOLD, -HOLD / 2, Long.MAX_VALUE, Long.MAX_VALUE - HOLD / 2, Long.MIN_VALUE})
    void shouldAttachAtTheEndOfTheHoldAtAnyEdgeOfTheClock(long now) {
        arrive(7, now);
        assertEquals(List.of("wake " + (now + HOLD)), effects());
        book.passed(now + HOLD - 1);
        assertEquals(List.of("wake " + (now + HOLD)), effects());
        assertEquals(1, book.held());
        book.passed(now + HOLD);
        assertEquals(List.of("attach 7"), effects());
        assertEquals(0, book.held());
        book.answered(7, 250, now + HOLD + 3);
        assertEquals(List.of("released 107 late 3 []"), effects());
        assertEquals(1, count(Counter.STREAMS_RELEASED));
    }

    @Test
    void shouldAttachAtOnceWithoutAHold() {
        hold = 0;
        arrive(7, 5);
        assertEquals(List.of("attach 7"), effects());
    }

    @Test
    void shouldAttachInTheOrderOfTheirPlans() {
        arrive(1, 0);
        hold = 10;
        arrive(2, 5);
        book.passed(HOLD);
        assertEquals(List.of("wake 1000", "wake 15", "attach 2", "attach 1"), effects());
    }

    @Test
    void shouldTakeAResolutionForOne() {
        event(7, Status.NEWRESOLVE);
        event(7, Status.CONTROLLER_WAIT);
        book.passed(HOLD);
        book.answered(7, 250, HOLD);
        event(7, Status.SENTRESOLVE, 3, HOLD);
        event(7, Status.CLOSED, 3, HOLD);
        assertEquals(List.of(Kind.RESOLVE), kinds);
        assertEquals(List.of("wake 1000", "attach 7", "released 107 late 0 []"), effects());
    }

    @Test
    void shouldNotHoldAgainWhatComesBackFromACircuit() {
        arrive(7, 0);
        book.passed(HOLD);
        book.answered(7, 250, HOLD);
        event(7, Status.SENTCONNECT, 3, HOLD);
        event(7, Status.DETACHED, 3, HOLD + 5);
        effects();
        event(7, Status.CONTROLLER_WAIT, 0, HOLD + 5);
        assertEquals(List.of("attach 7"), effects());
        book.answered(7, 250, HOLD + 6);
        assertEquals(List.of(), effects(), "accounted for once");
        event(7, Status.DETACHED, 4, HOLD + 7);
        event(7, Status.CONTROLLER_WAIT, 0, HOLD + 8);
        assertEquals(List.of("attach 7"), effects());
        assertEquals(2, count(Counter.STREAMS_REATTACHED));
        assertEquals(1, count(Counter.STREAMS_RELEASED));
    }

    @Test
    void shouldAttachOnceForEachWait() {
        arrive(7, 0);
        event(7, Status.CONTROLLER_WAIT);
        book.passed(HOLD);
        event(7, Status.CONTROLLER_WAIT);
        book.passed(HOLD + 1);
        assertEquals(List.of("wake 1000", "attach 7"), effects());
        event(7, Status.DETACHED);
        event(7, Status.CONTROLLER_WAIT);
        assertEquals(List.of("attach 7"), effects());
    }

    @Test
    void shouldHandOnWhatCameBeforeTheAnswer() {
        arrive(7, 0);
        book.passed(HOLD);
        event(7, Status.SENTCONNECT, 3, HOLD);
        event(7, Status.SUCCEEDED, 3, HOLD);
        effects();
        book.answered(7, 250, HOLD + 1);
        assertEquals(List.of("released 107 late 1 [SENTCONNECT/3, SUCCEEDED/3]"), effects());
    }

    @Test
    void shouldCountAClientThatLeavesDuringItsHold() {
        arrive(7, 0);
        event(7, Status.FAILED);
        event(7, Status.CLOSED);
        book.passed(HOLD);
        assertEquals(List.of("wake 1000"), effects());
        assertEquals(1, count(Counter.STREAMS_ABANDONED));
        arrive(8, 0);
        book.passed(HOLD);
        book.answered(8, 552, HOLD);
        assertEquals(2, count(Counter.STREAMS_ABANDONED));
        assertEquals(0, count(Counter.STREAMS_RELEASED));
        assertEquals(0, book.held());
    }

    @ParameterizedTest
    @EnumSource(value = Status.class, names = {"SENTCONNECT", "SENTRESOLVE", "SUCCEEDED"})
    void shouldAcceptThatAnotherControllerAttachesFirst(Status status) {
        arrive(7, 0);
        event(7, status, 3, 5);
        book.passed(HOLD);
        assertEquals(List.of("wake 1000"), effects());
        assertEquals(1, count(Counter.STREAMS_TAKEN));
        assertEquals(0, book.held());
    }

    @Test
    void shouldAcceptThatAnotherControllerAttachedAStreamThatHasNoCircuitYet() {
        arrive(7, 0);
        book.passed(HOLD);
        book.answered(7, 555, HOLD);
        assertEquals(List.of("wake 1000", "attach 7"), effects());
        assertEquals(1, count(Counter.STREAMS_TAKEN));
        event(7, Status.DETACHED, 3, HOLD);
        event(7, Status.CONTROLLER_WAIT, 0, HOLD);
        assertEquals(List.of("attach 7"), effects(), "it has waited long enough");
    }

    @Test
    void shouldAccountForAStreamThatTorGivesUp() {
        arrive(7, 0);
        book.passed(HOLD);
        book.answered(7, 551, HOLD);
        event(7, Status.FAILED);
        event(7, Status.CLOSED);
        assertEquals(List.of("wake 1000", "attach 7", "released 107 late 0 []"), effects());
        assertEquals(1, count(Counter.ATTACH_FAILED));
    }

    @Test
    void shouldCountAStreamThatIsNotLeftToUs() {
        event(7, Status.NEW);
        event(7, Status.SENTCONNECT, 3, 0);
        assertEquals(1, count(Counter.STREAMS_UNHELD));
        event(8, Status.NEW);
        event(8, Status.CLOSED);
        assertEquals(1, count(Counter.STREAMS_UNHELD), "one that never went anywhere was not missed");
        assertEquals(List.of(), effects());
    }

    @Test
    void shouldLeaveTorsOwnStreamsAlone() {
        book.event(new StreamEvent(7, Status.NEW, 0, null, null, null, "DIR_FETCH"), 0);
        event(7, Status.SENTCONNECT, 3, 0);
        assertEquals(0, count(Counter.STREAMS_UNHELD));
    }

    @Test
    void shouldNotHoldTwiceWhatWasHeldOnItsWay() {
        heldBefore.add(7L);
        arrive(7, 0);
        book.answered(7, 250, 1);
        assertEquals(List.of("attach 7"), effects());
        assertEquals(0, count(Counter.STREAMS_UNHELD));
        heldBefore.add(8L);
        event(8, Status.NEW);
        event(8, Status.SENTCONNECT, 3, 0);
        assertEquals(0, count(Counter.STREAMS_UNHELD));
    }

    @Test
    void shouldLetEveryStreamGoAtTheEnd() {
        arrive(7, 0);
        hold = 10;
        arrive(8, 0);
        effects();
        book.end(10);
        assertEquals(Set.of("attach 7", "attach 8"), Set.copyOf(effects()));
        assertTrue(book.onItsWay(7));
        book.answered(7, 250, 11);
        book.answered(8, 250, 11);
        assertEquals(List.of("released 108 late 1 []"), effects(), "7 was not held as planned");
        assertEquals(1, count(Counter.STREAMS_CUT_SHORT));
        arrive(9, 12);
        assertEquals(List.of("attach 9"), effects());
        book.forget();
        arrive(10, 13);
        assertEquals(List.of(), effects());
    }

    @Test
    void shouldKeepTheTimersOfHeldStreamsOverACut() {
        arrive(7, 0);
        arrive(8, 500);
        book.lost();
        effects();
        book.passed(HOLD);
        assertEquals(List.of(), effects(), "nobody can be asked");
        book.connected(true);
        book.snapshot(List.of(event(7, Status.NEW, 0), event(8, Status.NEW, 0)), HOLD + 100);
        assertEquals(List.of("attach 7", "wake 1500"), effects());
        book.answered(7, 250, HOLD + 101);
        assertEquals(List.of("released 107 late 101 []"), effects());
        assertEquals(1, book.held());
    }

    @Test
    void shouldAttachStreamsThatCameDuringACut() {
        book.lost();
        book.connected(true);
        book.snapshot(List.of(event(7, Status.NEW, 0), event(8, Status.NEWRESOLVE, 0),
                event(9, Status.SENTCONNECT, 4)), 0);
        assertEquals(List.of("attach 7", "attach 8"), effects());
        book.answered(7, 250, 0);
        book.answered(8, 555, 0);
        assertEquals(1, count(Counter.STREAMS_UNHELD), "8 only waited for a circuit");
        assertEquals(0, count(Counter.STREAMS_TAKEN));
        event(7, Status.CONTROLLER_WAIT);
        assertEquals(List.of("attach 7"), effects(), "it is back");
    }

    @Test
    void shouldLookBeforeItAsksAgain() {
        for (long id = 1; id <= 4; id++) {
            arrive(id, 0);
        }
        book.passed(HOLD);
        book.lost();
        for (long id = 1; id <= 4; id++) {
            book.unanswered(id);
        }
        effects();
        book.connected(true);
        book.snapshot(List.of(event(1, Status.NEW, 0), event(2, Status.SENTCONNECT, 5),
                event(3, Status.SUCCEEDED, 6)), HOLD + 50);
        assertEquals(Set.of("attach 1", "released 102 late 50 [SENTCONNECT/5]", "released 103 late 50 [SUCCEEDED/6]",
                "released 104 late 50 []"), Set.copyOf(effects()));
        book.answered(1, 555, HOLD + 60);
        assertEquals(List.of("released 101 late 60 []"), effects(), "the first question had reached Tor");
        assertEquals(4, count(Counter.STREAMS_RELEASED));
        assertEquals(0, count(Counter.STREAMS_TAKEN));
    }

    @Test
    void shouldMissHeldStreamsThatTorHasNoLonger() {
        arrive(7, 0);
        arrive(8, 0);
        book.snapshot(List.of(event(8, Status.SENTCONNECT, 3)), 5);
        assertEquals(0, book.held());
        assertEquals(1, count(Counter.STREAMS_ABANDONED));
        assertEquals(1, count(Counter.STREAMS_TAKEN));
    }

    @Test
    void shouldForgetTheStreamsOfATorThatIsGone() {
        arrive(7, 0);
        book.lost();
        book.connected(false);
        assertEquals(0, book.held());
        book.passed(HOLD);
        arrive(7, HOLD);
        assertEquals(List.of("wake 1000", "wake 2000"), effects());
    }

    @Test
    void shouldLetAControllerGoFirstThatWasThereBefore() {
        book.begin(true);
        long patience = Turns.FIRST_PATIENCE_NANOS;
        arrive(7, 0);
        arrive(8, 0);
        assertEquals(List.of("wake " + (HOLD + patience), "wake " + (HOLD + patience)), effects());
        event(7, Status.SENTCONNECT, 3, patience);
        assertEquals(1, count(Counter.STREAMS_TAKEN));
        arrive(9, patience);
        assertEquals(List.of("wake " + (patience + HOLD + 2 * patience)), effects(), "it takes its time");
        book.passed(HOLD + patience);
        assertEquals(List.of("attach 8", "attach 9"), effects(), "and is gone, so 9 is due at its own time");
        arrive(10, HOLD + patience);
        assertEquals(List.of("wake " + (2 * HOLD + patience)), effects());
        event(10, Status.SENTCONNECT, 3, HOLD + patience + 1);
        arrive(11, 5 * patience);
        assertEquals(List.of("wake " + (5 * patience + HOLD + 2 * patience)), effects(), "it is back");
    }

    @Test
    void shouldGoFirstIfItWasThereBefore() {
        arrive(7, 0);
        event(7, Status.SENTCONNECT, 3, 0);
        arrive(8, 0);
        assertEquals(List.of("wake 1000", "wake 1000"), effects());
    }

    @Test
    void shouldLeaveWaitingStreamsToAControllerThatMayBeThere() {
        book.begin(true);
        book.snapshot(List.of(event(7, Status.NEW, 0), event(8, Status.NEW, 0)), 0);
        event(7, Status.SENTCONNECT, 3, 5);
        book.passed(Turns.FIRST_PATIENCE_NANOS - 1);
        assertEquals(0, effects().stream().filter(effect -> effect.startsWith("attach")).count());
        book.passed(Turns.FIRST_PATIENCE_NANOS);
        assertEquals(List.of("attach 8"), effects());
        book.answered(8, 250, Turns.FIRST_PATIENCE_NANOS);
        assertEquals(1, count(Counter.STREAMS_UNHELD));
        assertEquals(1, count(Counter.STREAMS_TAKEN));
    }

    @Test
    void shouldLetStreamsPassThatAreTooMany() {
        for (long id = 1; id <= HoldBook.MOST_HELD; id++) {
            arrive(id, 0);
        }
        effects();
        arrive(HoldBook.MOST_HELD + 1L, 0);
        assertEquals(List.of("attach " + (HoldBook.MOST_HELD + 1L)), effects());
        book.answered(HoldBook.MOST_HELD + 1L, 250, 0);
        assertEquals(1, count(Counter.STREAMS_UNHELD));
        assertFalse(book.onItsWay(1));
    }
}
