package org.qtop.proxy.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {

    private static final String HOST = "Host: 127.0.0.1:9152\r\n";

    private final Subjects subjects = new Subjects();
    private EmbeddedChannel channel;
    private EventStream events;

    @BeforeEach
    void connect() {
        channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress localAddress0() {
                return new InetSocketAddress("127.0.0.1", 9152);
            }
        };
        channel.freezeTime();
        events = new EventStream(channel.eventLoop(), () -> "{}".getBytes(StandardCharsets.US_ASCII));
        channel.pipeline().addLast(new HttpServerCodec(), new StatusHandler(subjects.subject(),
                new StatusJson(subjects.subject()), events));
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    private String ask(String request) {
        channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.ISO_8859_1));
        return read();
    }

    private String read() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:9152,true", "localhost:9152,true", "LOCALHOST:9152,true", "127.0.0.1,false",
        "localhost,false", "localhost:9153,false", "qtop.example:9152,false", "[::1]:9152,false",
        "127.0.0.1:9152.example,false", "0x7f000001:9152,false", "127.0.0.1:09152,true", "'',false", ":9152,false"})
    void shouldKnowItsOwnNames(String host, boolean allowed) {
        assertEquals(allowed, Gate.hostAllowed(host, new InetSocketAddress("127.0.0.1", 9152)));
    }

    @Test
    void shouldHangUpOnWhoAsksOnAndReadsNothing() {
        String request = "GET /healthz HTTP/1.1\r\n" + HOST + "\r\n";
        assertTrue(ask(request + request).contains("alive"));
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        assertEquals("", ask(request + request));
        assertFalse(channel.isActive());
    }

    @Test
    void shouldTakeItsAddressButNotLocalhostElsewhere() {
        InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.7", 9152);
        assertTrue(Gate.hostAllowed("192.0.2.7:9152", elsewhere));
        assertFalse(Gate.hostAllowed("localhost:9152", elsewhere));
        assertTrue(Gate.hostAllowed("[::1]:9152", new InetSocketAddress("::1", 9152)));
        assertTrue(Gate.hostAllowed("127.0.0.1", new InetSocketAddress("127.0.0.1", 80)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page.css", "/page.js", "/icon.svg", "/metrics", "/healthz", "/readyz",
        "/api/status", "/api/circuits", "/api/streams"})
    void shouldAnswerWithProtection(String path) {
        String answer = ask("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        for (String header : new String[] {"Content-Security-Policy: default-src 'none'; script-src 'self'",
            "X-Content-Type-Options: nosniff", "cache-control: no-store", "Cross-Origin-Resource-Policy: same-origin",
            "Referrer-Policy: no-referrer"}) {
            assertTrue(answer.contains(header), path + " lacks " + header);
        }
        assertFalse(answer.toLowerCase(java.util.Locale.ROOT).contains("access-control-"));
    }

    @Test
    void shouldGiveHeadsAlone() {
        String answer = ask("HEAD /healthz HTTP/1.1\r\n" + HOST + "\r\n");
        assertTrue(answer.contains("content-length: 6\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
    }

    @Test
    void shouldServeMoreThanOneRequestOnAConnection() {
        assertTrue(ask("GET /healthz HTTP/1.1\r\n" + HOST + "\r\n").endsWith("alive\n"));
        assertTrue(ask("GET /readyz HTTP/1.1\r\n" + HOST + "\r\n").endsWith("ready\n"));
        assertTrue(channel.isOpen());
    }

    @ParameterizedTest
    @CsvSource({"POST,405", "PUT,405", "DELETE,405", "OPTIONS,405", "TRACE,405", "CONNECT,405"})
    void shouldChangeNothing(String method, int status) {
        String answer = ask(method + " /api/status HTTP/1.1\r\n" + HOST + "\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
        assertFalse(channel.isOpen());
    }

    @ParameterizedTest
    @CsvSource({"'Content-Length: 5',413", "'Transfer-Encoding: chunked',413", "'Origin: http://127.0.0.1:9153',403",
        "'Origin: http://evil.example',403", "'Sec-Fetch-Site: cross-site',403", "'Host: 127.0.0.1:9152',403"})
    void shouldRefuse(String header, int status) {
        String answer = ask("GET / HTTP/1.1\r\n" + HOST + header + "\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
        assertFalse(channel.isOpen());
    }

    @Test
    void shouldLetThePageAskAndALinkLead() {
        assertTrue(ask("GET /page.js HTTP/1.1\r\n" + HOST + "Origin: http://127.0.0.1:9152\r\n"
                + "Sec-Fetch-Site: same-origin\r\n\r\n").startsWith("HTTP/1.1 200"));
        assertTrue(ask("GET / HTTP/1.1\r\n" + HOST + "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
                + "Sec-Fetch-Dest: document\r\n\r\n").startsWith("HTTP/1.1 200"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../secret", "/page.html/", "/%2e%2e/page.js", "/StatusServer.class", "//", "/api", "x"})
    void shouldServeNothingElse(String path) {
        assertTrue(ask("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n").startsWith("HTTP/1.1 404"), path);
    }

    @Test
    void shouldSayWhenItIsNotHealthyOrNotReady() {
        subjects.tor = new TorState("x", "", "", TorState.Control.LOST, "gone", 100);
        assertTrue(ask("GET /readyz HTTP/1.1\r\n" + HOST + "\r\n").startsWith("HTTP/1.1 503"));
        assertTrue(ask("GET /healthz HTTP/1.1\r\n" + HOST + "\r\n").startsWith("HTTP/1.1 200"));
        subjects.alive = false;
        assertTrue(ask("GET /healthz HTTP/1.1\r\n" + HOST + "\r\n").startsWith("HTTP/1.1 503"));
    }

    @Test
    void shouldSendEventsEverySecondWhileSomebodyLooks() {
        String first = ask("GET /api/events HTTP/1.1\r\n" + HOST + "\r\n");
        assertTrue(first.contains("text/event-stream") && first.endsWith("data: {}\n\n"), first);
        channel.advanceTimeBy(EventStream.PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertEquals("data: {}\n\n", read());
        channel.close();
        assertTrue(events.hasRoom());
    }

    @Test
    void shouldNotWaitForWhoDoesNotAsk() {
        channel.writeInbound(Unpooled.copiedBuffer("GET / HT", StandardCharsets.US_ASCII));
        channel.advanceTimeBy(StatusHandler.REQUEST_SECONDS, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertFalse(channel.isOpen());
        assertNull(channel.readOutbound());
    }
}
