package org.qtop.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadTest {

    private static final long MOMENT = Duration.ofMillis(200).toNanos();
    /** The longest span, for a machine on which a moment is over before anything is. */
    private static final long LONG = Duration.ofSeconds(10).toNanos();

    private StandInTor tor;
    private Target target;

    @BeforeEach
    void start() throws IOException {
        tor = StandInTor.start();
        target = Target.standIn(tor.socks());
    }

    @AfterEach
    void stop() {
        tor.close();
    }

    /** What is measured for so long, in nanoseconds. */
    private interface Measured {
        Histogram during(long nanos) throws IOException;
    }

    /** Only what is done within the span counts: it is doubled until something is. */
    private static void assertCounts(Measured measured) throws IOException {
        long span = MOMENT;
        while (measured.during(span).getTotalCount() == 0) {
            assertTrue(span < LONG, "nothing is counted");
            span = Math.min(2 * span, LONG);
        }
    }

    @Test
    void shouldCountEverySetUp() throws IOException {
        SetupLoad load = new SetupLoad(target);
        assertCounts(load::oneAtATime);
        assertCounts(nanos -> {
            Histogram latency = load.together(16, nanos);
            assertEquals(0, load.failed());
            assertTrue(load.finished() >= latency.getTotalCount(), () -> load.finished() + " finished");
            return latency;
        });
    }

    @Test
    void shouldOpenAsManyAsAreDue() throws IOException {
        SetupLoad load = new SetupLoad(target);
        assertEquals(100, load.open(500, MOMENT).getTotalCount());
        assertEquals(0, load.failed());
    }

    @Test
    void shouldCountARefusalAndNotItsLatency() throws IOException, InterruptedException {
        try (ServerSocket rude = new ServerSocket(0, 50, tor.socks().getAddress())) {
            Thread server = new Thread(() -> refuseOne(rude));
            server.start();
            SetupLoad load = new SetupLoad(
                    target.through((InetSocketAddress) rude.getLocalSocketAddress()));
            Histogram latency = load.open(1, Duration.ofSeconds(1).toNanos());
            assertEquals(0, latency.getTotalCount());
            assertEquals(1, load.failed());
            server.join();
        }
    }

    private static void refuseOne(ServerSocket server) {
        try (Socket one = server.accept()) {
            one.getInputStream().readNBytes(3);
            one.getOutputStream().write(new byte[] {5, (byte) 0xff});
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldFailWhereNobodyListens() throws IOException {
        InetSocketAddress nobody;
        try (ServerSocket free = new ServerSocket(0)) {
            nobody = new InetSocketAddress("127.0.0.1", free.getLocalPort());
        }
        assertThrows(IOException.class, () -> new SetupLoad(target.through(nobody)).oneAtATime(MOMENT));
        assertThrows(LoadException.class, () -> Streams.idle(target.through(nobody), 3));
    }

    @Test
    void shouldCarryBothWays() throws IOException {
        try (Streams down = Streams.download(target, 2)) {
            awaitMore(down::received);
        }
        Streams up = Streams.upload(target, 2);
        try {
            awaitMore(tor::discarded);
        } finally {
            up.close();
        }
        assertCounts(nanos -> PingPong.run(target, nanos));
    }

    /** Pings that are due far more often than they can be sent are late, and ever more so. */
    @Test
    void shouldTimePingsFromWhenTheyWereDue() throws IOException {
        Histogram closed = PingPong.run(target, MOMENT);
        Histogram due = PingPong.run(target, 1, MOMENT);
        long most = due.getMaxValue();
        assertTrue(most > MOMENT / 2, () -> "at most " + most);
        assertTrue(closed.getValueAtPercentile(50) < MOMENT / 2);
        assertTrue(PingPong.run(target, MOMENT / 10, MOMENT).getTotalCount() <= 11);
    }

    /** Until a million bytes have come; the test's own limit ends it otherwise. */
    private static void awaitMore(java.util.function.LongSupplier bytes) {
        while (bytes.getAsLong() < 1_000_000) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldOpenManyIdleStreams() throws IOException {
        Streams idle = Streams.idle(target, 200);
        idle.close();
    }

    /** NEW with the client's address, then the circuit, before the reply; the end when the client is gone. */
    @Test
    void shouldTellOfEveryStream() throws IOException {
        try (Socket control = new Socket(tor.control().getAddress(), tor.control().getPort())) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(control.getInputStream(), StandardCharsets.US_ASCII));
            say(control.getOutputStream(), "AUTHENTICATE\r\nSETEVENTS STREAM CIRC\r\nGETINFO uptime\r\nHELLO\r\n");
            assertEquals("250 OK", in.readLine());
            assertEquals("250 OK", in.readLine());
            assertEquals("250-uptime=100", in.readLine());
            assertEquals("250 OK", in.readLine());
            assertEquals("510 Unrecognized command", in.readLine());
            SocksClient.connect(tor.socks(), StandInSocksServer.ECHO).close();
            String begun = in.readLine();
            assertTrue(begun.startsWith("650 STREAM 1 NEW 0 10.1.2.3:1 SOURCE_ADDR=127.0.0.1:"), begun);
            assertEquals("650 STREAM 1 SENTCONNECT 2 10.1.2.3:1", in.readLine());
            assertEquals("650 STREAM 1 SUCCEEDED 2 10.1.2.3:1", in.readLine());
            assertEquals("650 STREAM 1 CLOSED 2 10.1.2.3:1 REASON=DONE", in.readLine());
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
