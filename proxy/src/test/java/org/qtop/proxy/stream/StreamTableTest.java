package org.qtop.proxy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.stream.StreamEvent.Status;

class StreamTableTest {

    private static final long WAIT = StreamTable.MATCH_WAIT_NANOS;

    private final Metrics metrics = new Metrics();
    private final List<String> reported = new ArrayList<>();
    private final StreamTable table = new StreamTable(metrics,
            stream -> reported.add(stream.number() + "=" + stream.torStream() + "/" + stream.circuit()));

    @BeforeEach
    void connect() {
        table.connected();
    }

    private static InetSocketAddress from(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static ProxyStream stream(long number, Kind kind) {
        return new ProxyStream(number, kind, 0, 0);
    }

    private void event(long id, Status status, long circuit) {
        event(id, status, circuit, null);
    }

    private void event(long id, Status status, long circuit, InetSocketAddress source) {
        table.onStream(new StreamEvent(id, status, circuit, source, null, null, null));
    }

    @Test
    void shouldTakeTheCircuitOfTheLastAttemptBeforeSuccess() {
        table.opened(stream(1, Kind.CONNECT), from(4000));
        event(9, Status.NEW, 0, from(4000));
        event(9, Status.SENTCONNECT, 3);
        event(9, Status.DETACHED, 3);
        event(9, Status.SENTCONNECT, 5);
        assertEquals(List.of(), reported);
        event(9, Status.SUCCEEDED, 5);
        assertEquals(List.of("1=9/5"), reported);
        event(9, Status.CLOSED, 5);
        assertEquals(List.of("1=9/5"), reported);
        assertEquals(0, table.pending());
    }

    @Test
    void shouldWaitForTheEndOfAResolution() {
        table.opened(stream(1, Kind.RESOLVE), from(4000));
        event(9, Status.NEWRESOLVE, 0, from(4000));
        event(9, Status.SENTRESOLVE, 3);
        event(9, Status.CLOSED, 3);
        assertEquals(List.of("1=9/3"), reported);
    }

    @Test
    void shouldReportAStreamThatFailedWithTheCircuitItLastHad() {
        table.opened(stream(1, Kind.CONNECT), from(4000));
        event(9, Status.NEW, 0, from(4000));
        event(9, Status.SENTCONNECT, 3);
        event(9, Status.FAILED, 0);
        event(9, Status.CLOSED, 0);
        assertEquals(List.of("1=9/3"), reported);
    }

    @Test
    void shouldAcceptEventsThatComeAfterTheReply() {
        ProxyStream stream = stream(1, Kind.CONNECT);
        table.opened(stream, from(4000));
        table.answered(stream, 0);
        table.sweep(WAIT - 1);
        event(9, Status.NEW, 0, from(4000));
        event(9, Status.SENTCONNECT, 3);
        event(9, Status.SUCCEEDED, 3);
        assertEquals(List.of("1=9/3"), reported);
        table.sweep(WAIT);
        assertEquals(List.of("1=9/3"), reported);
        assertEquals(1, metrics.value(Counter.STREAMS_MATCHED));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - WAIT / 2})
    void shouldGiveUpWaitingAfterABoundedTimeAtAnyEdgeOfTheClock(long now) {
        ProxyStream stream = stream(1, Kind.CONNECT);
        table.opened(stream, from(4000));
        table.sweep(now + WAIT);
        table.answered(stream, now);
        table.answered(stream, now + 1);
        table.sweep(now + WAIT - 1);
        assertEquals(List.of(), reported);
        table.sweep(now + WAIT);
        assertEquals(List.of("1=0/0"), reported);
        assertEquals(1, metrics.value(Counter.STREAMS_UNMATCHED));
        event(9, Status.NEW, 0, from(4000));
        event(9, Status.SUCCEEDED, 3);
        assertEquals(List.of("1=0/0"), reported);
        assertEquals(0, table.pending());
    }

    @Test
    void shouldReportWhatIsKnownWhenOnlyTheLastEventIsMissing() {
        ProxyStream stream = stream(1, Kind.CONNECT);
        table.opened(stream, from(4000));
        event(9, Status.NEW, 0, from(4000));
        event(9, Status.SENTCONNECT, 3);
        table.answered(stream, 0);
        table.sweep(WAIT);
        assertEquals(List.of("1=9/3"), reported);
        assertEquals(1, metrics.value(Counter.STREAMS_MATCHED));
    }

    @Test
    void shouldUseStandInsWithoutEventsOrWithoutASource() {
        table.opened(stream(1, Kind.CONNECT), null);
        table.disconnected();
        table.opened(stream(2, Kind.CONNECT), from(4000));
        assertEquals(List.of("1=0/0", "2=0/0"), reported);
    }

    @Test
    void shouldReportEveryStreamOnceWhenTheControlPortIsLost() {
        ProxyStream waiting = stream(1, Kind.CONNECT);
        ProxyStream unanswered = stream(2, Kind.CONNECT);
        table.opened(waiting, from(4000));
        table.opened(unanswered, from(4001));
        event(9, Status.NEW, 0, from(4001));
        table.answered(waiting, 0);
        table.disconnected();
        assertEquals(List.of("1=0/0"), reported);
        table.connected();
        event(9, Status.NEW, 0, from(5000));
        table.answered(unanswered, 0);
        table.sweep(WAIT);
        assertEquals(List.of("1=0/0", "2=9/0"), reported);
        assertEquals(0, table.pending());
    }

    @Test
    void shouldNotConfuseTwoStreamsThatUsedOnePortInTurn() {
        table.opened(stream(1, Kind.CONNECT), from(4000));
        table.opened(stream(2, Kind.CONNECT), from(4000));
        event(9, Status.NEW, 0, from(4000));
        event(9, Status.SUCCEEDED, 3);
        assertEquals(List.of("1=0/0", "2=9/3"), reported);
    }

    @Test
    void shouldLeaveStreamsOfOthersAlone() {
        table.opened(stream(1, Kind.CONNECT), from(4000));
        event(8, Status.NEW, 0, from(4001));
        event(8, Status.SUCCEEDED, 3);
        event(7, Status.CLOSED, 3);
        assertEquals(List.of(), reported);
        table.close();
        assertEquals(List.of("1=0/0"), reported);
    }
}
