package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.relay.RelayHandler;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamEvent.Status;

/** The front when streams are held inside Tor, or at Tor's reply. */
class HoldPointTest extends FrontInMemory {

    private static final String HTTP = "434f4e4e4543542061622e63643a383020485454502f312e300d0a0d0a";

    private void begin(HoldAt point) {
        holdAt = point;
        accept();
        tor.freezeTime();
    }

    private void passAtTor(long nanos) {
        tor.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        tor.runPendingTasks();
        tor.runScheduledPendingTasks();
    }

    /** Lets what the table said reach the event loop. */
    private void settle() {
        tor.runPendingTasks();
    }

    @Test
    void shouldPassARequestOnAtOnceIfItIsHeldInTor() {
        begin(HoldAt.ATTACH);
        clientSends(GREETING);
        torSends("0500");
        clientSends(REQUEST + "aa");
        assertEquals(GREETING + REQUEST + "aa", sentTo(tor));
        torSends(REPLY + "cc");
        assertEquals("0500" + REPLY + "cc", sentTo(client));
        assertEquals(0, metrics.value(Counter.STREAMS_RELEASED), "whoever holds it counts it");
        assertEquals(0, identified.size());
    }

    @Test
    void shouldPassAnHttpConnectOnAtOnceIfItIsHeldInTor() {
        begin(HoldAt.ATTACH);
        clientSends(HTTP);
        assertTrue(sentTo(tor).contains("61622e6364" + "0050"));
    }

    @Test
    void shouldHoldTheReplyAndWhatTheClientSaysBehindItsRequest() {
        begin(HoldAt.REPLY);
        clientSends(GREETING);
        torSends("0500");
        assertEquals("0500", sentTo(client));
        clientSends(REQUEST + "aa");
        assertEquals(GREETING + REQUEST, sentTo(tor));
        assertEquals(0, metrics.held(), "it is not ready yet");
        passAtTor(10 * HOLD_NANOS);
        torSends(REPLY + "cc");
        settle();
        assertEquals(1, metrics.held());
        passAtTor(HOLD_NANOS - 1);
        assertEquals("", sentTo(client));
        assertEquals("", sentTo(tor));
        passAtTor(1);
        assertEquals(REPLY + "cc", sentTo(client));
        assertEquals("aa", sentTo(tor));
        assertEquals(1, metrics.value(Counter.STREAMS_RELEASED));
        assertEquals(0, metrics.held());
        assertEquals(1, identified.size());
        assertEquals(HOLD_NANOS, identified.get(0).holdNanos());
        assertEquals(0, identified.get(0).latenessNanos());
        clientSends("bb");
        torSends("dd");
        assertEquals("bb", sentTo(tor));
        assertEquals("dd", sentTo(client));
    }

    @Test
    void shouldDrawTheHoldOnceStreamAndCircuitAreKnown() {
        torLocal = new InetSocketAddress("127.0.0.1", 4000);
        table.connected();
        begin(HoldAt.REPLY);
        clientSends(GREETING + REQUEST);
        torSends("0500" + REPLY);
        passAtTor(HeldReply.IDENTITY_WAIT_NANOS / 2);
        table.onStream(event(Status.NEW, 0, (InetSocketAddress) torLocal));
        table.onStream(event(Status.SENTCONNECT, 3, null));
        settle();
        assertEquals(0, metrics.held());
        table.onStream(event(Status.SUCCEEDED, 3, null));
        settle();
        assertEquals(1, metrics.held());
        passAtTor(HOLD_NANOS);
        assertEquals("0500" + REPLY, sentTo(client));
        assertEquals(9, identified.get(0).torStream());
        assertEquals(3, identified.get(0).circuit());
    }

    @Test
    void shouldGoOnWithStandInsIfTorDoesNotTell() {
        torLocal = new InetSocketAddress("127.0.0.1", 4000);
        table.connected();
        begin(HoldAt.REPLY);
        clientSends(GREETING + REQUEST);
        torSends("0500" + REPLY);
        passAtTor(HeldReply.IDENTITY_WAIT_NANOS - 1);
        assertEquals(0, metrics.held());
        passAtTor(1);
        settle();
        assertEquals(1, metrics.held());
        passAtTor(HOLD_NANOS);
        assertEquals("0500" + REPLY, sentTo(client));
        assertEquals(0, identified.get(0).torStream());
        assertEquals(1, metrics.value(Counter.STREAMS_UNMATCHED));
    }

    private static StreamEvent event(Status status, long circuit, InetSocketAddress source) {
        return new StreamEvent(9, status, circuit, source, null, null, null);
    }

    @Test
    void shouldHoldARefusalToo() {
        begin(HoldAt.REPLY);
        clientSends(GREETING + REQUEST);
        torSends("0500" + "05050001000000000000");
        tor.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        settle();
        passAtTor(HOLD_NANOS - 1);
        assertEquals("", sentTo(client));
        assertTrue(client.isActive());
        passAtTor(1);
        assertEquals("0500" + "05050001000000000000", sentTo(client));
    }

    @Test
    void shouldHoldTheReplyOfSocks4AndOfHttp() {
        begin(HoldAt.REPLY);
        clientSends("04010050" + "7f000001" + "00" + "aa");
        assertEquals("04010050" + "7f000001" + "00", sentTo(tor));
        torSends("005a000000000000");
        settle();
        assertEquals("", sentTo(client));
        passAtTor(HOLD_NANOS);
        assertEquals("005a000000000000", sentTo(client));
        assertEquals("aa", sentTo(tor));
    }

    @Test
    void shouldHoldTheAnswerToAnHttpConnect() {
        begin(HoldAt.REPLY);
        clientSends(HTTP + "aa");
        assertTrue(sentTo(tor).endsWith("61622e6364" + "0050"));
        torSends("0502" + "0100" + REPLY);
        settle();
        assertEquals("", sentTo(client));
        passAtTor(HOLD_NANOS);
        assertTrue(sentTo(client).startsWith("485454502f312e3020323030"), "HTTP/1.0 200");
        assertEquals("aa", sentTo(tor));
    }

    @Test
    void shouldSendNothingEarlyForAClientThatLeaves() {
        begin(HoldAt.REPLY);
        clientSends(GREETING + REQUEST + "aa");
        torSends("0500" + REPLY);
        settle();
        sentTo(tor);
        client.close();
        settle();
        assertFalse(tor.isActive());
        assertEquals("", sentTo(tor));
        assertEquals(0, metrics.held());
        assertEquals(1, metrics.value(Counter.STREAMS_ABANDONED));
        assertEquals(0, metrics.value(Counter.STREAMS_RELEASED));
        assertEquals(0, identified.size(), "it was not held as planned");
    }

    @Test
    void shouldTellTheClientAtOnceThatTorEndsWithoutAReply() {
        begin(HoldAt.REPLY);
        clientSends("050101" + REQUEST + "aa");
        torSends("05ff");
        tor.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        assertEquals("05ff", sentTo(client));
        assertFalse(client.isActive());
        assertFalse(tor.isActive());
        assertEquals(REQUEST + "aa", sentTo(tor).substring("050101".length()));
        assertEquals(1, metrics.value(Counter.STREAMS_ABANDONED));
        assertEquals(0, identified.size());
    }

    /** What came behind the request waits for Tor's reply, and with it the end of the channel to Tor. */
    @Test
    void shouldLetGoOfATorThatEndsWithoutAReplyWhileLateDataWaits() {
        begin(HoldAt.REQUEST);
        clientSends("04010050" + "7f000001" + "00");
        clientSends("aa");
        pass(HOLD_NANOS);
        assertEquals("04010050" + "7f000001" + "00", sentTo(tor));
        tor.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        assertFalse(client.isActive());
        assertFalse(tor.isActive());
        assertEquals("aa", sentTo(tor));
    }

    @Test
    void shouldLetAClientTakeTheRestOfAnEndedStreamAsSlowlyAsItLikes() {
        begin(HoldAt.ATTACH);
        clientSends(GREETING + REQUEST);
        torSends("0500" + REPLY);
        assertEquals("0500" + REPLY, sentTo(client));
        Stalled stalled = new Stalled();
        client.pipeline().addFirst(stalled);
        torSends("cc");
        tor.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        pass(TimeUnit.SECONDS.toNanos(10 * RelayHandler.LINGER_SECONDS));
        assertTrue(client.isActive());
        assertEquals("", sentTo(client));
        client.pipeline().remove(stalled);
        assertEquals("cc", sentTo(client));
    }

    /** A client that takes nothing. */
    private static final class Stalled extends ChannelOutboundHandlerAdapter {

        private PendingWriteQueue waiting;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            waiting = new PendingWriteQueue(ctx);
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            waiting.add(message, promise.unvoid());
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            waiting.removeAndWriteAll();
            ctx.flush();
        }
    }

    @Test
    void shouldTellTheClientAtOnceThatTorIsGone() {
        begin(HoldAt.REPLY);
        clientSends(GREETING + REQUEST);
        torSends("0500" + REPLY);
        settle();
        tor.close();
        assertEquals("0500" + REPLY, sentTo(client));
        assertFalse(client.isActive());
        assertEquals(0, metrics.held());
        assertEquals(1, metrics.value(Counter.STREAMS_ABANDONED));
    }
}
