package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import org.junit.jupiter.api.Test;
import org.qtop.proxy.metrics.Counter;

/** HTTP CONNECT between a client and a Tor that are both in memory, on a frozen clock. */
class HttpFrontTest extends FrontInMemory {

    private static final String HEAD = "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n";
    private static final String FIXED = "\r\nTor-Capabilities: \r\nVia: tor/1.0 tor-network (tor 0.4.9.11)\r\n";
    private static final String SOCKS_REQUEST = "\u0005\u0001\0\u0003\u000bexample.com\u0001\u00bb";

    @Test
    void shouldHoldAConnectAndSayItInSocks() {
        accept();
        clientSays(HEAD.substring(0, 20));
        clientSays(HEAD.substring(20));
        pass(HOLD_NANOS - 1);
        assertEquals("", saidTo(tor));
        pass(1);
        String said = saidTo(tor);
        assertTrue(said.startsWith("\u0005\u0001\u0002\u0001\u0009<torS0X>0\u0040"), said);
        assertTrue(said.endsWith(SOCKS_REQUEST), said);
        torSends("0100");
        torSends(REPLY.substring(0, 10));
        assertEquals("", saidTo(client));
        torSends(REPLY.substring(10) + "6869");
        assertEquals("HTTP/1.0 200 OK" + FIXED + "\r\nhi", saidTo(client));
        clientSays("more");
        assertEquals("more", saidTo(tor));
        assertEquals(1, metrics.value(Counter.STREAMS_RELEASED));
    }

    @Test
    void shouldSendEarlyDataAfterTheRequest() {
        accept();
        clientSays(HEAD + "early");
        clientSays(" bird");
        pass(HOLD_NANOS);
        assertTrue(saidTo(tor).endsWith(SOCKS_REQUEST + "early bird"));
    }

    @Test
    void shouldTellAFailureAsTorDoes() {
        accept();
        clientSays(HEAD);
        pass(HOLD_NANOS);
        torSends("0502" + "0100" + "05050001000000000000");
        assertEquals("HTTP/1.0 403 Forbidden (connection refused)" + FIXED
                + "Tor-Request-Failed: end/CONNECTREFUSED\r\n\r\n", saidTo(client));
    }

    @Test
    void shouldRefuseWithoutAStreamAsTorDoes() {
        accept();
        clientSays("CONNECT example.com:port HTTP/1.0\r\n\r\n");
        assertEquals("HTTP/1.0 400 Bad Request" + FIXED + "\r\n", saidTo(client));
        assertFalse(client.isActive());
        assertEquals("", saidTo(tor));
        assertEquals(0, metrics.value(Counter.STREAMS_RELEASED));
    }

    @Test
    void shouldSayNothingToWhatIsNoHttp() {
        accept();
        clientSays("CONNECT example.com:443\r\n\r\n");
        assertEquals("", saidTo(client));
        assertFalse(client.isActive());
    }

    @Test
    void shouldGiveUpOnAHeadThatIsTooLong() {
        accept();
        clientSays("CONNECT " + "x".repeat(ClientFramer.HTTP_LIMIT - 7));
        assertEquals("", saidTo(tor));
        assertEquals("", saidTo(client));
        assertFalse(client.isActive());
    }

    @Test
    void shouldLeaveEverythingElseThatBeginsAlikeToTor() {
        accept();
        clientSays("CONNEC");
        assertEquals("", saidTo(tor));
        clientSays("X /");
        assertEquals("CONNECX /", saidTo(tor));
        assertEquals(1, metrics.value(Counter.HANDSHAKES_OPAQUE));
    }

    @Test
    void shouldLeaveAnUndecidedEndToTor() {
        accept();
        clientSays("CO");
        client.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        assertEquals("CO", saidTo(tor));
    }

    @Test
    void shouldPassAConnectToTorsHttpPortByteForByte() {
        EmbeddedChannel torHttp = new EmbeddedChannel(false, false);
        http = TorHttp.through(to(torHttp), () -> "");
        accept();
        clientSays(HEAD.substring(0, 20));
        assertFalse(tor.isActive());
        assertEquals(HEAD.substring(0, 20), saidTo(torHttp));
        clientSays(HEAD.substring(20));
        pass(HOLD_NANOS - 1);
        assertEquals("", saidTo(torHttp));
        pass(1);
        assertEquals(HEAD.substring(20), saidTo(torHttp));
        torHttp.writeInbound(bytes("48540d0a0d0a"));
        assertEquals("HT\r\n\r\n", saidTo(client));
        assertEquals(1, metrics.value(Counter.STREAMS_RELEASED));
        torHttp.finishAndReleaseAll();
    }

    @Test
    void shouldKeepDataThatComesDuringTheHoldUntilTorsHttpPortHasReplied() {
        EmbeddedChannel torHttp = new EmbeddedChannel(false, false);
        http = TorHttp.through(to(torHttp), () -> "");
        accept();
        clientSays(HEAD + "with");
        clientSays("late");
        pass(HOLD_NANOS);
        assertEquals(HEAD + "with", saidTo(torHttp));
        torHttp.writeInbound(bytes("485454500d0a0d0a"));
        assertEquals("late", saidTo(torHttp));
        torHttp.finishAndReleaseAll();
    }

    @Test
    void shouldTellInHttpThatTorIsDown() {
        torUp = false;
        accept();
        clientSays(HEAD);
        assertTrue(saidTo(client).startsWith("HTTP/1.0 500 "));
        assertFalse(client.isActive());
    }
}
