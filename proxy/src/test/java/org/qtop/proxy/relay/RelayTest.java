package org.qtop.proxy.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.connector.Dialler;
import org.qtop.proxy.connector.TorConnector;
import org.qtop.proxy.connector.Transport;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.socks.FrontContext;
import org.qtop.proxy.socks.SocksServer;
import org.qtop.proxy.socks.TorHttp;
import org.qtop.proxy.stream.StreamTable;
import org.slf4j.LoggerFactory;

/** Streams through real sockets, from a client's socket to that of a stand-in for Tor, on both transports. */
@Timeout(60)
class RelayTest {

    private static final byte[] GREETING = {5, 1, 0};
    private static final byte[] REQUEST = {5, 1, 0, 1, 127, 0, 0, 1, 0, 80};
    private static final byte[] REPLY = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    private static final int NARROW_BYTES = 4096;
    private static final int TIMEOUT_MILLIS = 30_000;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Metrics metrics = new Metrics();
    private final AtomicInteger moved = new AtomicInteger();
    private ServerSocket standIn;
    /** Whether client and Tor take little at a time, so that the proxy must wait for room. */
    private boolean narrow;
    private SocksServer server;
    private Socket client;
    private Socket tor;

    /** Opens a stream up to Tor's reply; both ends are then in {@link #client} and {@link #tor}. */
    private void open(String transportName) throws Exception {
        listen(transportName, torSocks -> torSocks);
        client = keep(new Socket());
        if (narrow) {
            client.setReceiveBufferSize(NARROW_BYTES);
            standIn.setReceiveBufferSize(NARROW_BYTES);
        }
        client.connect(server.address());
        tor = keep(standIn.accept());
        client.setSoTimeout(TIMEOUT_MILLIS);
        tor.setSoTimeout(TIMEOUT_MILLIS);
        client.getOutputStream().write(GREETING);
        assertArrayEquals(GREETING, tor.getInputStream().readNBytes(GREETING.length));
        tor.getOutputStream().write(new byte[] {5, 0});
        assertArrayEquals(new byte[] {5, 0}, client.getInputStream().readNBytes(2));
        client.getOutputStream().write(REQUEST);
        assertArrayEquals(REQUEST, tor.getInputStream().readNBytes(REQUEST.length));
        tor.getOutputStream().write(REPLY);
        assertArrayEquals(REPLY, client.getInputStream().readNBytes(REPLY.length));
    }

    /** Starts a proxy on one event loop before a stand-in for Tor. */
    private void listen(String transportName, UnaryOperator<Dialler> dialling) throws Exception {
        standIn = keep(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
        Transport transport = keep(transport(transportName));
        EventLoopGroup bulk = counted(keep(transport(transportName)).loops());
        // Tor's reply is enough to move, and if it could not be then, what comes next.
        BulkLoops bulkLoops = transportName.endsWith("moving") ? new BulkLoops(bulk, 1)
                : new BulkLoops(bulk);
        Holds holds = new Holds(new TopologicalTimingEngine(() -> 1, HoldLaw.uniform(0, 0), 2 * Math.PI, 10));
        InetSocketAddress torSocks = (InetSocketAddress) standIn.getLocalSocketAddress();
        server = keep(SocksServer.listen(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(),
                0), new FrontContext(dialling.apply(new TorConnector(transport, () -> torSocks)), holds,
                new StreamTable(metrics, stream -> { }), metrics, Optional::empty, 10,
                TorHttp.asSocks(() -> ""), () -> HoldAt.REQUEST, bulkLoops)));
    }

    /** Opens and ends a connection that asks for nothing: what the loop heard of before, it has dealt with then. */
    private void awaitLoop() throws IOException {
        try (Socket other = new Socket()) {
            other.connect(server.address());
            other.setSoTimeout(TIMEOUT_MILLIS);
            other.getOutputStream().write(GREETING);
            try (Socket otherTor = standIn.accept()) {
                otherTor.getInputStream().readNBytes(GREETING.length);
                otherTor.getOutputStream().write(new byte[] {5, 0});
                other.getInputStream().readNBytes(2);
            }
        }
    }

    private static Transport transport(String name) {
        return name.startsWith("nio") ? Transport.nio(1) : Transport.start(1);
    }

    /** The same loops, but each stream that takes one is counted. */
    private EventLoopGroup counted(EventLoopGroup loops) {
        return (EventLoopGroup) Proxy.newProxyInstance(RelayTest.class.getClassLoader(),
                new Class<?>[] {EventLoopGroup.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("next")) {
                        moved.incrementAndGet();
                    }
                    return method.invoke(loops, arguments);
                });
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.add(0, resource);
        return resource;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : opened) {
            resource.close();
        }
        assertEquals(0, metrics.value(Counter.INTERNAL_ERRORS));
    }

    private static CompletableFuture<Long> send(OutputStream out, long bytes, long seed) {
        return CompletableFuture.supplyAsync(() -> {
            Random random = new Random(seed);
            CRC32 sum = new CRC32();
            byte[] chunk = new byte[32_768];
            try {
                for (long left = bytes; left > 0; left -= chunk.length) {
                    random.nextBytes(chunk);
                    sum.update(chunk);
                    out.write(chunk);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return sum.getValue();
        });
    }

    private static CompletableFuture<Long> receive(InputStream in, long bytes) {
        return CompletableFuture.supplyAsync(() -> {
            CRC32 sum = new CRC32();
            byte[] chunk = new byte[50_000];
            try {
                for (long left = bytes; left > 0;) {
                    int read = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                    assertTrue(read > 0, "ended with " + left + " bytes missing");
                    sum.update(chunk, 0, read);
                    left -= read;
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return sum.getValue();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "epoll, moving", "nio, moving"})
    void shouldCarryEveryByteBothWaysAtOnce(String transport) throws Exception {
        open(transport);
        long bytes = 64L << 20;
        var up = send(client.getOutputStream(), bytes, 1);
        var down = send(tor.getOutputStream(), bytes, 2);
        var gotUp = receive(tor.getInputStream(), bytes);
        var gotDown = receive(client.getInputStream(), bytes);
        assertEquals(up.get(), gotUp.get());
        assertEquals(down.get(), gotDown.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldMoveAStreamThatCarriesMuch(String transport) throws Exception {
        open(transport);
        long bytes = BulkLoops.BULK_BYTES - 65_536;
        send(tor.getOutputStream(), bytes, 5);
        receive(client.getInputStream(), bytes).get();
        assertEquals(0, moved.get());
        for (int i = 0; moved.get() == 0; i++) {
            CompletableFuture<Long> sent = send(tor.getOutputStream(), 65_536, i);
            assertEquals(sent.get(), receive(client.getInputStream(), 65_536).get());
        }
        var up = send(client.getOutputStream(), 65_536, 6);
        assertEquals(up.get(), receive(tor.getInputStream(), 65_536).get());
        assertEquals(1, moved.get(), "both channels move, and once");
        client.close();
        assertEquals(-1, tor.getInputStream().read());
        tor.close();
        awaitNoConnection();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "epoll, moving", "nio, moving"})
    void shouldStopASenderWhoseReaderDoesNotRead(String transport) throws Exception {
        open(transport);
        CompletableFuture<Long> sent = send(tor.getOutputStream(), 256L << 20, 3);
        // Nobody reads at the client: the sender cannot come to its end, however long this takes.
        DataInputStream in = new DataInputStream(client.getInputStream());
        in.readFully(new byte[1 << 20]);
        assertTrue(!sent.isDone(), "256 MB went somewhere though only 1 MB was read");
        long direct = io.netty.util.internal.PlatformDependent.usedDirectMemory();
        assertTrue(direct < 32L << 20, "direct memory " + direct);
        long left = (256L << 20) - (1 << 20);
        receive(in, left).get();
        sent.get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "epoll, moving", "nio, moving"})
    void shouldHonourHalfCloseOfTheClient(String transport) throws Exception {
        open(transport);
        client.getOutputStream().write("all of it".getBytes());
        client.shutdownOutput();
        assertEquals("all of it", new String(tor.getInputStream().readAllBytes()));
        tor.getOutputStream().write("still heard".getBytes());
        tor.close();
        assertEquals("still heard", new String(client.getInputStream().readAllBytes()));
        awaitNoConnection();
    }

    /** Netty's epoll forgets a channel that waits for nothing, and ends its output when it is to wait for room. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "epoll, moving", "nio, moving"})
    void shouldLoseNothingOfALargeAnswerToAClientThatHasSaidAll(String transport) throws Exception {
        narrow = true;
        for (int i = 0; i < 3; i++) {
            open(transport);
            client.shutdownOutput();
            assertEquals(-1, tor.getInputStream().read());
            long bytes = 4L << 20;
            CompletableFuture<Long> sent = send(tor.getOutputStream(), bytes, i);
            CompletableFuture<Long> got = receive(client.getInputStream(), bytes);
            assertEquals(sent.get(), got.get());
            tor.close();
            assertEquals(-1, client.getInputStream().read());
            close();
            opened.clear();
        }
    }

    /** The same towards Tor. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "epoll, moving", "nio, moving"})
    void shouldLoseNothingOfALargeUploadToATorThatHasSaidAll(String transport) throws Exception {
        narrow = true;
        for (int i = 0; i < 3; i++) {
            open(transport);
            tor.shutdownOutput();
            assertEquals(-1, client.getInputStream().read());
            long bytes = 4L << 20;
            CompletableFuture<Long> sent = send(client.getOutputStream(), bytes, i);
            CompletableFuture<Long> got = receive(tor.getInputStream(), bytes);
            assertEquals(sent.get(), got.get());
            client.close();
            assertEquals(-1, tor.getInputStream().read());
            close();
            opened.clear();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "epoll, moving", "nio, moving"})
    void shouldHonourHalfCloseOfTor(String transport) throws Exception {
        open(transport);
        tor.getOutputStream().write("the end".getBytes());
        tor.shutdownOutput();
        assertEquals("the end", new String(client.getInputStream().readAllBytes()));
        client.getOutputStream().write("still heard".getBytes());
        client.close();
        assertEquals("still heard", new String(tor.getInputStream().readAllBytes()));
        awaitNoConnection();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "epoll, moving", "nio, moving"})
    void shouldCloseBothChannelsOnceBothSidesAreDone(String transport) throws Exception {
        open(transport);
        client.shutdownOutput();
        assertEquals(-1, tor.getInputStream().read());
        tor.shutdownOutput();
        assertEquals(-1, client.getInputStream().read());
        awaitNoConnection();
    }

    /** Waits until the proxy has seen that all is said: well before it would close a channel for its silence. */
    private void awaitNoConnection() {
        await(() -> metrics.openConnections() == 0);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "it did not come about");
            LockSupport.parkNanos(1_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "epoll, moving", "nio, moving"})
    void shouldLoseNothingWhenTorClosesBehindALargeAnswer(String transport) throws Exception {
        open(transport);
        long bytes = 16L << 20;
        CompletableFuture<Long> sent = send(tor.getOutputStream(), bytes, 4);
        CompletableFuture<Long> got = receive(client.getInputStream(), bytes);
        long sum = sent.get();
        tor.close();
        assertEquals(sum, got.get());
        assertEquals(-1, client.getInputStream().read());
    }

    /** Netty reads all that there is of a channel that has ended, also of one that is not to be read. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldNotReadOnFromASenderThatHasEndedWhileItsReaderTakesNothing(String transport) throws Exception {
        narrow = true;
        open(transport);
        byte[] chunk = new byte[65_536];
        long sent = 0;
        do {
            tor.getOutputStream().write(chunk);
            sent += chunk.length;
            awaitRelayed(sent);
        } while (metrics.relayedBytes(false) >= sent);
        long relayed = metrics.relayedBytes(false);
        tor.shutdownOutput();
        awaitLoop();
        awaitLoop();
        assertEquals(relayed, metrics.relayedBytes(false));
        assertEquals(sent, client.getInputStream().readAllBytes().length);
        client.close();
        assertEquals(-1, tor.getInputStream().read());
        awaitNoConnection();
    }

    /** The end of the client's output comes while Tor is dialled, as it does from {@code nc -N}. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldLetTorAnswerAClientThatHasEndedBeforeTorWasReached(String transport) throws Exception {
        List<Runnable> dials = new ArrayList<>();
        listen(transport, torSocks -> (loop, handler) -> {
            ChannelFuture dial = torSocks.connect(loop, handler);
            ChannelPromise late = dial.channel().newPromise();
            dials.add(() -> dial.addListener(done -> late.setSuccess()));
            if (dials.size() == 2) {
                dials.forEach(Runnable::run);
            }
            return late;
        });
        client = keep(new Socket());
        client.connect(server.address());
        client.setSoTimeout(TIMEOUT_MILLIS);
        tor = keep(standIn.accept());
        tor.setSoTimeout(TIMEOUT_MILLIS);
        client.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
        client.shutdownOutput();
        awaitLoop();
        assertEquals("GET / HTTP/1.0\r\n\r\n", new String(tor.getInputStream().readAllBytes()));
        tor.getOutputStream().write("HTTP/1.0 501\r\n".getBytes());
        tor.close();
        assertEquals("HTTP/1.0 501\r\n", new String(client.getInputStream().readAllBytes()));
        awaitNoConnection();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "epoll, moving", "nio, moving"})
    void shouldPassAResetOfTheClientOnToTor(String transport) throws Exception {
        open(transport);
        client.setSoLinger(true, 0);
        client.close();
        assertThrows(SocketException.class, () -> tor.getInputStream().read());
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio", "epoll, moving", "nio, moving"})
    void shouldPassAResetOfTorOnToTheClient(String transport) throws Exception {
        open(transport);
        tor.setSoLinger(true, 0);
        tor.close();
        assertThrows(SocketException.class, () -> client.getInputStream().read());
    }

    /** With epoll alone a reset is heard of while nobody reads. */
    @Test
    void shouldLeaveAClientAloneThatIsGoneWhenTorsResetIsToReachIt() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger netty = (Logger) LoggerFactory.getLogger("io.netty");
        log.start();
        netty.addAppender(log);
        try {
            narrow = true;
            open("epoll");
            CompletableFuture<Long> sent = send(tor.getOutputStream(), 256L << 20, 5);
            awaitRelayed(Long.MAX_VALUE);
            tor.setSoLinger(true, 0);
            tor.close();
            assertThrows(ExecutionException.class, sent::get);
            await(() -> metrics.value(Counter.STREAMS_RESET) > 0);
            client.setSoLinger(true, 0);
            client.close();
            awaitNoConnection();
            close();
            opened.clear();
            assertEquals(List.of(), log.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
        } finally {
            netty.detachAppender(log);
        }
    }

    /** Waits until the proxy has taken so much from Tor, or takes no more, since the client takes nothing. */
    private void awaitRelayed(long enough) {
        long[] last = {-1, System.nanoTime()};
        await(() -> {
            long now = metrics.relayedBytes(false);
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return now >= enough || now > 0 && System.nanoTime() - last[1] > 500_000_000L;
        });
    }
}
