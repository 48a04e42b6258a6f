package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.stream.StreamFailure;

/** The front between a client and a Tor that are both in memory, on a frozen clock. */
class SocksFrontTest extends FrontInMemory {

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
        assertEquals("", sentTo(tor));
        pass(HOLD_NANOS);
        assertEquals(GREETING + REQUEST + "aabb", sentTo(tor));
        clientSends("cc");
        assertEquals("cc", sentTo(tor));
    }

    @Test
    void shouldPassOnTogetherWhatCameTogether() {
        accept();
        clientSends("050102" + "01" + "0141" + "0142");
        assertEquals(List.of("050102" + "0101410142"), writesTo(tor));
        torSends("0100");
        assertEquals("0100", sentTo(client));
        clientSends(REQUEST);
        pass(HOLD_NANOS);
        assertEquals(REQUEST, sentTo(tor));
    }

    @Test
    void shouldPassOnHalfAMessageAtOnceButNeverTheEndOfARequest() {
        accept();
        clientSends("05");
        clientSends("0100" + REQUEST.substring(0, 6));
        assertEquals(List.of("05", "0100" + REQUEST.substring(0, 6)), writesTo(tor));
        clientSends(REQUEST.substring(6, 18));
        assertEquals(REQUEST.substring(6, 18), sentTo(tor));
        clientSends(REQUEST.substring(18) + "aa");
        pass(HOLD_NANOS - 1);
        assertEquals("", sentTo(tor));
        pass(1);
        assertEquals(List.of(REQUEST.substring(18) + "aa"), writesTo(tor));
        assertEquals(1, metrics.value(Counter.STREAMS_RELEASED));
    }

    @Test
    void shouldHoldASocks4RequestThatFollowsASocks5Greeting() {
        accept();
        clientSends(GREETING);
        sentTo(tor);
        clientSends("04010050" + "7f000001" + "00");
        assertEquals("", sentTo(tor));
        assertEquals(0, metrics.value(Counter.HANDSHAKES_OPAQUE));
        pass(HOLD_NANOS);
        assertEquals("04010050" + "7f000001" + "00", sentTo(tor));
        assertEquals(1, metrics.value(Counter.STREAMS_RELEASED));
    }

    @Test
    void shouldKeepDataThatComesDuringTheHoldOfSocks4UntilTorHasReplied() {
        String request = "04010050" + "00000001" + "00" + "6100";
        accept();
        clientSends(request);
        clientSends("aa");
        pass(HOLD_NANOS);
        assertEquals(request, sentTo(tor));
        assertFalse(client.config().isAutoRead());
        torSends("005a0000");
        assertEquals("", sentTo(tor));
        torSends("00000000" + "cc");
        assertEquals("aa", sentTo(tor));
        assertEquals("005a000000000000" + "cc", sentTo(client));
        assertTrue(client.config().isAutoRead());
        clientSends("bb");
        assertEquals("bb", sentTo(tor));
    }

    @Test
    void shouldDropDataThatWaitsWhenTorIsGone() {
        accept();
        clientSends("04010050" + "7f000001" + "00");
        clientSends("aa");
        pass(HOLD_NANOS);
        sentTo(tor);
        tor.close();
        assertFalse(client.isActive());
    }

    @Test
    void shouldAnswerAWholeConversationThatIsHeldWhenTorDies() {
        accept();
        clientSends("050102" + "0101410142" + REQUEST);
        tor.close();
        assertEquals("0502" + "0100" + "05030001000000000000", sentTo(client));
        assertFalse(client.isActive());
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
        clientSends(GREETING);
        clientSends(REQUEST);
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
    void shouldTakeOneLoginAndNoMoreWithoutTor() {
        torUp = false;
        accept();
        clientSends("050102" + "010000");
        assertEquals("0502" + "0100", sentTo(client));
        assertTrue(client.isActive());
        clientSends("010000" + "010000");
        assertEquals("", sentTo(client));
        assertFalse(client.isActive());
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
