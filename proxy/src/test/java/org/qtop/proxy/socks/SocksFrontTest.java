package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamFailure;
import org.qtop.proxy.stream.StreamTable;

/** The front between a client and a Tor that are both in memory, on a frozen clock. */
class SocksFrontTest {

    private static final long HOLD_NANOS = 5_000_000;
    private static final String GREETING = "050100";
    private static final String REQUEST = "05010001" + "7f0000010050";
    private static final String REPLY = "05000001000000000000";

    private final Metrics metrics = new Metrics();
    private final List<ProxyStream> identified = new ArrayList<>();
    private final StreamTable table = new StreamTable(metrics, identified::add);
    private final EmbeddedChannel tor = new EmbeddedChannel(false, false);
    private boolean torUp = true;
    private StreamFailure refusal;
    private int limit = 10;
    private EmbeddedChannel client;

    private void accept() {
        HoldLaw law = HoldLaw.uniform(HOLD_NANOS, HOLD_NANOS);
        Holds holds = new Holds(new TopologicalTimingEngine(() -> 7, law, 2 * Math.PI, 100));
        client = new EmbeddedChannel(new SocksFront(new FrontContext((loop, handler) -> {
            ChannelPromise dial = tor.newPromise();
            if (!torUp) {
                return dial.setFailure(new ConnectException("refused"));
            }
            tor.pipeline().addLast(handler);
            try {
                tor.register();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return dial.setSuccess();
        }, holds, table, metrics, this::refusal, limit)));
        client.freezeTime();
    }

    private Optional<StreamFailure> refusal() {
        return Optional.ofNullable(refusal);
    }

    private void clientSends(String hex) {
        client.writeInbound(bytes(hex));
    }

    private void torSends(String hex) {
        tor.writeInbound(bytes(hex));
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static String sentTo(EmbeddedChannel channel) {
        StringBuilder all = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            all.append(ByteBufUtil.hexDump(out));
            out.release();
        }
        return all.toString();
    }

    private void pass(long nanos) {
        client.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        client.runScheduledPendingTasks();
    }

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
        if (tor.isRegistered()) {
            tor.finishAndReleaseAll();
        }
        assertEquals(0, metrics.openConnections());
        assertEquals(0, metrics.value(Counter.INTERNAL_ERRORS));
    }

    @Test
    void shouldHoldTheRequestAndNothingElse() {
        accept();
        clientSends(GREETING);
        assertEquals(GREETING, sentTo(tor));
        torSends("0500");
        assertEquals("0500", sentTo(client));
        clientSends(REQUEST);
        pass(HOLD_NANOS - 1);
        assertEquals("", sentTo(tor));
        pass(1);
        assertEquals(REQUEST, sentTo(tor));
        torSends(REPLY);
        assertEquals(REPLY, sentTo(client));
        assertEquals(1, metrics.value(Counter.STREAMS_RELEASED));
    }

    @Test
    void shouldSendEarlyDataInOrderAfterTheRequest() {
        accept();
        clientSends(GREETING + REQUEST + "aa");
        clientSends("bb");
        assertEquals(GREETING, sentTo(tor));
        pass(HOLD_NANOS);
        assertEquals(REQUEST + "aabb", sentTo(tor));
        clientSends("cc");
        assertEquals("cc", sentTo(tor));
    }

    @Test
    void shouldPassALoginByteForByte() {
        accept();
        clientSends("050102");
        torSends("0502");
        clientSends("01" + "04ff00c328" + "0380810a");
        assertEquals("050102" + "0104ff00c328" + "0380810a", sentTo(tor));
        torSends("0100");
        assertEquals("0502" + "0100", sentTo(client));
    }

    @Test
    void shouldStopReadingWhenEarlyDataReachesItsLimit() {
        accept();
        clientSends(GREETING + REQUEST);
        client.writeInbound(Unpooled.wrappedBuffer(new byte[SocksFront.EARLY_DATA_BYTES]));
        assertFalse(client.config().isAutoRead());
        assertEquals(1, metrics.value(Counter.EARLY_DATA_FULL));
        pass(HOLD_NANOS);
        assertTrue(client.config().isAutoRead());
        assertEquals(2 * (3 + 10 + SocksFront.EARLY_DATA_BYTES), sentTo(tor).length());
    }

    @Test
    void shouldCostTorNothingWhenTheClientLeavesDuringItsHold() {
        accept();
        clientSends(GREETING + REQUEST);
        client.close();
        assertFalse(tor.isActive());
        pass(HOLD_NANOS);
        assertEquals(GREETING, sentTo(tor));
        assertEquals(1, metrics.value(Counter.STREAMS_ABANDONED));
        assertEquals(0, metrics.value(Counter.STREAMS_RELEASED));
    }

    @Test
    void shouldTreatTheEndOfInputDuringAHoldAsTorDoes() {
        accept();
        clientSends(GREETING + REQUEST);
        client.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        assertFalse(tor.isActive());
        assertFalse(client.isActive());
        assertEquals(1, metrics.value(Counter.STREAMS_ABANDONED));
    }

    @Test
    void shouldAnswerAtOnceWithNetworkUnreachableWhenTorIsDown() {
        torUp = false;
        accept();
        clientSends("05020002");
        clientSends("01" + "0141" + "0142");
        clientSends(REQUEST);
        assertEquals("0502" + "0100" + "05030001000000000000", sentTo(client));
        assertFalse(client.isActive());
        assertEquals(1, metrics.value(Counter.TOR_UNREACHABLE));
    }

    @Test
    void shouldAnswerSocks4WithItsOnlyFailureWhenTorIsDown() {
        torUp = false;
        accept();
        clientSends("04010050" + "7f000001" + "00");
        assertEquals("005b000000000000", sentTo(client));
    }

    @Test
    void shouldRefuseAllMethodsAsTorDoesWhenNoneFits() {
        torUp = false;
        accept();
        clientSends("050101");
        assertEquals("05ff", sentTo(client));
    }

    @Test
    void shouldAnswerWhenTorDiesDuringAHold() {
        accept();
        clientSends(GREETING);
        torSends("0500");
        clientSends(REQUEST);
        tor.close();
        assertEquals("0500" + "05030001000000000000", sentTo(client));
        assertFalse(client.isActive());
        pass(HOLD_NANOS);
        assertEquals(0, metrics.value(Counter.STREAMS_RELEASED));
    }

    @Test
    void shouldCloseAfterTorRefusedEveryMethod() {
        accept();
        clientSends("050101");
        torSends("05ff");
        tor.close();
        assertEquals("05ff", sentTo(client));
        pass(TimeUnit.SECONDS.toNanos(SocksFront.REFUSAL_SECONDS));
        assertFalse(client.isActive());
    }

    @Test
    void shouldLeaveBytesThatMakeNoSenseToTor() {
        accept();
        clientSends("474554202f");
        assertEquals("474554202f", sentTo(tor));
        torSends("485454502f");
        assertEquals("485454502f", sentTo(client));
        assertEquals(1, metrics.value(Counter.HANDSHAKES_OPAQUE));
        assertEquals(0, metrics.value(Counter.STREAMS_RELEASED));
    }

    @Test
    void shouldRefuseOverTheLimit() {
        limit = 0;
        accept();
        clientSends(GREETING + REQUEST);
        assertEquals("0500" + "05010001000000000000", sentTo(client));
        assertFalse(tor.isRegistered());
        assertEquals(1, metrics.value(Counter.CONNECTIONS_OVER_LIMIT));
    }

    @Test
    void shouldRefuseWithoutControlPortIfSoSet() {
        refusal = StreamFailure.CONTROL_MISSING;
        accept();
        clientSends(GREETING);
        torSends("0500");
        clientSends(REQUEST);
        assertEquals("0500" + "05020001000000000000", sentTo(client));
        assertEquals(1, metrics.value(Counter.CONTROL_MISSING));
    }

    @Test
    void shouldRefuseAfterAViolationIfSoSet() {
        accept();
        clientSends(GREETING);
        torSends("0500");
        refusal = StreamFailure.VIOLATION_SEEN;
        clientSends(REQUEST);
        assertEquals("0500" + "05020001000000000000", sentTo(client));
        assertEquals(1, metrics.value(Counter.STREAMS_BARRED));
        assertEquals(0, metrics.value(Counter.STREAMS_RELEASED));
    }

    @Test
    void shouldCloseAConversationOfOurOwnThatTakesTooLong() {
        torUp = false;
        accept();
        clientSends(GREETING);
        pass(TimeUnit.SECONDS.toNanos(SocksFront.HANDSHAKE_SECONDS));
        assertFalse(client.isActive());
        assertEquals(1, metrics.value(Counter.HANDSHAKES_TIMED_OUT));
    }

    @Test
    void shouldReportTheStreamOnceWithStandInsWhenThereIsNoControlPort() {
        accept();
        clientSends(GREETING + REQUEST);
        assertEquals(List.of(), identified);
        pass(HOLD_NANOS);
        assertEquals(1, identified.size());
        assertEquals(0, identified.get(0).torStream());
        assertEquals(HOLD_NANOS, identified.get(0).holdNanos());
        assertEquals(0, identified.get(0).latenessNanos());
        tor.close();
        assertEquals(1, identified.size());
        assertNull(client.readInbound());
    }
}
