package org.qtop.proxy.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

/** The small parts of the room, each alone. */
class ControlPiecesTest {

    private static final InetSocketAddress SOMEWHERE = InetSocketAddress.createUnresolved("tor.example", 9051);

    private static TorIdentity identity(String version, long pid, long uptime, long atSeconds) {
        return new TorIdentity(version, LoginMethod.NULL, pid, uptime, atSeconds * 1_000_000_000L);
    }

    @Test
    void shouldKnowTheSameTorByItsProcessAndUptime() {
        TorIdentity first = identity("1", 7, 100, -50);
        assertTrue(first.sameProcess(identity("1", 7, 160, 10)));
        assertTrue(first.sameProcess(identity("1", 7, 157, 10)));
        assertFalse(first.sameProcess(identity("1", 7, 0, 10)), "started again with the same number");
        assertFalse(first.sameProcess(identity("1", 8, 160, 10)));
        assertFalse(first.sameProcess(identity("2", 7, 160, 10)));
        assertFalse(first.sameProcess(identity("1", 7, -1, 10)));
        assertFalse(identity("1", -1, 100, 0).sameProcess(identity("1", -1, 100, 0)));
        assertFalse(first.sameProcess(null));
        TorIdentity edge = new TorIdentity("1", LoginMethod.NULL, 7, 1, Long.MAX_VALUE);
        assertTrue(edge.sameProcess(new TorIdentity("1", LoginMethod.NULL, 7, 2, Long.MIN_VALUE + 999_999_999L)));
    }

    /** A Tor on another machine that vanishes without a word is missed in the end. */
    @Test
    void shouldHaveTheKernelAskWhetherTheConnectionIsThere() throws IOException {
        try (SocketChannel channel = SessionDial.open(new InetSocketAddress("127.0.0.1", 9051))) {
            assertTrue(channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
            assertEquals(20, channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE));
        }
    }

    @Test
    void shouldDoublePausesUpToTheirBound() {
        BackOff backOff = new BackOff(100, 450, () -> 0);
        assertEquals(List.of(100L, 200L, 400L, 450L, 450L),
                List.of(backOff.nextNanos(), backOff.nextNanos(), backOff.nextNanos(), backOff.nextNanos(),
                        backOff.nextNanos()));
        backOff.reset();
        assertEquals(100, backOff.nextNanos());
        BackOff huge = new BackOff(Long.MAX_VALUE - 1, Long.MAX_VALUE, () -> 0);
        assertEquals(Long.MAX_VALUE - 1, huge.nextNanos());
        assertEquals(Long.MAX_VALUE, huge.nextNanos());
    }

    @Test
    void shouldKeepEveryPauseBetweenHalfAndWhole() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        BackOff backOff = new BackOff(1000, 1000, random::nextDouble);
        for (int i = 0; i < 10_000; i++) {
            long pause = backOff.nextNanos();
            assertTrue(pause >= 500 && pause <= 1000, "seed " + seed);
        }
    }

    @Test
    void shouldRefuseSettingsOutOfRangeByName() {
        ControlSettings settings = ControlSettings.at(SOMEWHERE);
        String message = assertThrows(IllegalArgumentException.class,
                () -> settings.withLimits(Duration.ZERO, Duration.ofSeconds(1))).getMessage();
        assertTrue(message.startsWith("connectLimit PT0S"), message);
        assertThrows(IllegalArgumentException.class, () -> settings.withLimits(Duration.ofDays(1), Duration.ofDays(1)));
        assertThrows(IllegalArgumentException.class,
                () -> settings.withBackOff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertEquals("tor.example:9051", settings.addressText());
        assertEquals("unix:/run/tor/control",
                ControlSettings.at(UnixDomainSocketAddress.of("/run/tor/control")).addressText());
        assertEquals("[0:0:0:0:0:0:0:1]:9051",
                ControlSettings.at(new InetSocketAddress("::1", 9051)).addressText());
    }

    @Test
    void shouldReadListenersOfBothKinds() {
        assertEquals(List.of(new InetSocketAddress("127.0.0.1", 9050), UnixDomainSocketAddress.of("/run/a b\"c"),
                new InetSocketAddress("::1", 9050)),
                ListenerList.parse("\"127.0.0.1:9050\" \"unix:/run/a b\\\"c\" \"[::1]:9050\" \"what:1\""));
        assertEquals(List.of(), ListenerList.parse(""));
    }

    @Test
    void shouldReadProtocolInfo() {
        ProtocolInfo info = ProtocolInfo.parse(new ControlReply(250, List.of("PROTOCOLINFO 1",
                "AUTH METHODS=COOKIE,SAFECOOKIE,FUTURE COOKIEFILE=\"/a \\\"b\\\\\\303\\251\"", "WHAT EVER=1",
                "VERSION Tor=\"0.4.9.11\"", "OK")));
        assertEquals(Set.of(LoginMethod.COOKIE, LoginMethod.SAFECOOKIE), info.methods());
        assertEquals(List.of("FUTURE"), info.unknownMethods());
        assertEquals(Path.of("/a \"b\\\u00e9"), info.cookieFile().orElseThrow());
        assertEquals("0.4.9.11", info.version());
    }

    /** The expected values were computed apart from this code, with Python's hmac. */
    @Test
    void shouldComputeSafeCookieAsTorDoes() {
        byte[] cookie = HexFormat.of().parseHex("00".repeat(32));
        byte[] client = HexFormat.of().parseHex("11".repeat(32));
        byte[] server = HexFormat.of().parseHex("22".repeat(32));
        byte[] proof = HexFormat.of().parseHex("0944da2444156de2878fe23b5bdb536878cc31194c53133544f63eefd9d0bb8c");
        assertTrue(SafeCookie.proves(cookie, client, server, proof));
        assertEquals("5425ada03549288139cd0f7243a3219e7ba50b55c16b662589044bf6675e127a",
                HexFormat.of().formatHex(SafeCookie.answer(cookie, client, server)));
        proof[31] ^= 1;
        assertFalse(SafeCookie.proves(cookie, client, server, proof));
        assertFalse(SafeCookie.proves(cookie, client, server, new byte[0]));
    }

    @Test
    void shouldDropEventsButNothingElseWhenTheObserverHangs() throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        try (ObserverThread thread = new ObserverThread()) {
            thread.post(() -> {
                hanging.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            hanging.await();
            for (int i = 0; i < ObserverThread.MAX_EVENTS; i++) {
                assertTrue(thread.offer(ran::incrementAndGet));
            }
            assertFalse(thread.offer(ran::incrementAndGet));
            assertFalse(thread.offer(ran::incrementAndGet));
            assertEquals(2, thread.droppedCount());
            thread.post(ran::incrementAndGet);
            goOn.countDown();
            Await.until(() -> ran.get() == ObserverThread.MAX_EVENTS + 1);
            assertTrue(thread.offer(ran::incrementAndGet));
        }
        assertEquals(ObserverThread.MAX_EVENTS + 2, ran.get());
    }
}
