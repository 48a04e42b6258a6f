package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.audit.Audit;
import org.qtop.proxy.config.OnViolation;
import org.qtop.proxy.control.ControlReply;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamFailure;
import org.qtop.proxy.stream.StreamTable;

/** What follows a violation, provoked by a release that claims to be early in an audit that is otherwise whole. */
class ViolationResponseTest {

    private final Metrics metrics = new Metrics();
    private final List<String> commands = new ArrayList<>();
    private CompletableFuture<ControlReply> reply = CompletableFuture.completedFuture(
            new ControlReply(250, List.of("OK")));

    private ViolationResponse release(OnViolation chosen, int circuit, long... lateness) throws Exception {
        ViolationResponse response = new ViolationResponse(chosen, metrics);
        response.control(command -> {
            commands.add(command);
            return reply;
        });
        TopologicalTimingEngine engine = new TopologicalTimingEngine(() -> 7, HoldLaw.uniform(100_000, 10_000_000),
                2 * Math.PI, 100);
        Holds holds = new Holds(engine);
        try (Audit audit = new Audit(engine, metrics, Optional.empty(), response)) {
            StreamTable table = new StreamTable(metrics, audit::record);
            table.connected();
            for (int i = 0; i < lateness.length; i++) {
                ProxyStream stream = holds.plan(Kind.CONNECT);
                stream.released(lateness[i]);
                InetSocketAddress source = new InetSocketAddress(1_000 + i);
                table.opened(stream, source);
                if (circuit != 0) {
                    table.onStream(new StreamEvent(i + 1, StreamEvent.Status.NEW, 0, source, null, null, null));
                    table.onStream(new StreamEvent(i + 1, StreamEvent.Status.SUCCEEDED, circuit, null, null, null,
                            null));
                }
            }
            table.close();
            assertEquals(lateness.length, audit.recorded());
        }
        return response;
    }

    @Test
    void shouldOnlyCountIfSoSet() throws Exception {
        ViolationResponse response = release(OnViolation.COUNT, 5, -1, 0);
        assertEquals(1, metrics.value(Counter.VIOLATIONS));
        assertEquals(List.of(), commands);
        assertEquals(Optional.empty(), response.refusal());
    }

    @Test
    void shouldDoNothingWithoutAViolation() throws Exception {
        assertEquals(Optional.empty(), release(OnViolation.REFUSE, 5, 0, 1).refusal());
        release(OnViolation.CLOSE_CIRCUIT, 5, 0, 1);
        assertEquals(List.of(), commands);
    }

    @Test
    void shouldCloseTheCircuit() throws Exception {
        ViolationResponse response = release(OnViolation.CLOSE_CIRCUIT, 5, 3, -1, 4);
        assertEquals(List.of("CLOSECIRCUIT 5"), commands);
        assertEquals(1, metrics.value(Counter.CIRCUITS_CLOSED));
        assertEquals(Optional.empty(), response.refusal());
    }

    @ParameterizedTest
    @CsvSource({"552", "551", "0"})
    void shouldNotCountACircuitThatTorDidNotClose(int code) throws Exception {
        reply = code == 0 ? CompletableFuture.failedFuture(new IllegalStateException("lost"))
                : CompletableFuture.completedFuture(new ControlReply(code, List.of("no")));
        release(OnViolation.CLOSE_CIRCUIT, 5, -1);
        assertEquals(1, commands.size());
        assertEquals(0, metrics.value(Counter.CIRCUITS_CLOSED));
    }

    @Test
    void shouldNotCloseACircuitThatIsNotKnown() throws Exception {
        release(OnViolation.CLOSE_CIRCUIT, 0, -1);
        assertEquals(1, metrics.value(Counter.VIOLATIONS));
        assertEquals(List.of(), commands);
    }

    @Test
    void shouldRefuseNewStreamsUntilARestart() throws Exception {
        ViolationResponse response = release(OnViolation.REFUSE, 5, 1, -1, 2);
        assertEquals(Optional.of(StreamFailure.VIOLATION_SEEN), response.refusal());
        assertTrue(commands.isEmpty());
    }
}
