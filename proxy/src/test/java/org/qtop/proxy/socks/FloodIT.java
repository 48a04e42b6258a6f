package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.ResourceLeakDetector;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.socks.Arena.Port;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Random bytes thrown at the port, in front of a real Tor. */
@Timeout(300)
class FloodIT {

    private static final Logger LOG = LoggerFactory.getLogger(FloodIT.class);
    private static final int STRINGS = 10_000;
    private static final int AT_ONCE = 100;
    private static final int LONGEST = 600;
    /** First bytes that begin something. */
    private static final int[] TELLING = {1, 4, 5, 5, 5, 'C', 'G'};
    /** Every so many clients stay until they are sent away. */
    private static final int STAYS = 200;
    private static final int SOCKS_TIMEOUT_SECONDS = 10;
    private static final long MORE_SECONDS = 10;
    private static final long SECOND_HALF_BYTES = 8 << 20;
    private static final long SEED = Long.getLong("qtop.seed", System.nanoTime());

    @TempDir
    private static Path folder;

    private final Random random = new Random(SEED);
    private final Semaphore places = new Semaphore(AT_ONCE);

    @Test
    void shouldBearRandomBytesWithoutFaultLeakOrOpenSocket() throws Exception {
        LOG.info("{} random strings of the seed {}", STRINGS, SEED);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        ch.qos.logback.classic.Logger root =
                (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        assertEquals(ResourceLeakDetector.Level.PARANOID, ResourceLeakDetector.getLevel());
        try (Arena arena = new Arena(folder, "SocksTimeout " + SOCKS_TIMEOUT_SECONDS)) {
            root.addAppender(said);
            Duel.Proxy qtop = arena.qtop(Port.SOCKS, false);
            flood(arena, qtop, STRINGS / 2);
            long usedAtHalf = used();
            flood(arena, qtop, STRINGS / 2);
            until("no connection open", () -> arena.metrics.openConnections() == 0 && arena.connectionsToTor() == 0);
            long grown = used() - usedAtHalf;
            assertTrue(grown < SECOND_HALF_BYTES, "the second half took " + grown + " bytes more");
            LOG.info("{} connections, {} of them opaque, {} requests released; the second half took {} bytes",
                    arena.metrics.value(Counter.CONNECTIONS_ACCEPTED), arena.metrics.value(Counter.HANDSHAKES_OPAQUE),
                    arena.metrics.value(Counter.STREAMS_RELEASED), grown);
            assertEquals(0, arena.metrics.held());
            assertEquals(0, arena.metrics.value(Counter.INTERNAL_ERRORS));
            Script usual = Script.parse("usual", "050100 ~ 05010001 {ip} {echo} ~ 'ping'", arena.targets.names());
            Duel.Outcome outcome = arena.play(List.of(usual), arena.tor(Port.SOCKS), qtop, Duel.Outcome::equal).get(0);
            assertTrue(outcome.equal() && outcome.right().startsWith("05000500"), outcome::toString);
            assertTrue(arena.unheld() <= 0, () -> arena.unheld() + " streams went to Tor without a hold");
            shakeOutLeaks();
            assertEquals(List.of(), List.copyOf(said.list).stream()
                    .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN)).map(Object::toString).toList());
        } finally {
            root.detachAppender(said);
        }
    }

    private void flood(Arena arena, Duel.Proxy qtop, int strings) throws InterruptedException {
        for (int i = 0; i < strings; i++) {
            places.acquire();
            client(arena, qtop, i).whenComplete((gone, failure) -> places.release());
        }
        places.acquire(AT_ONCE);
        places.release(AT_ONCE);
    }

    /** One client: says its string, in one or two writes, and leaves in one of several ways. */
    private CompletableFuture<Void> client(Arena arena, Duel.Proxy qtop, int number) {
        byte[] bytes = string();
        int cut = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
        int manner = number % STAYS == 0 ? 3 : random.nextInt(3);
        int delay = random.nextInt(20);
        EventLoop loop = arena.transport().loops().next();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Play play = new Play();
        play.connect(arena.transport(), loop, qtop.address(), null).addListener(connected -> {
            play.does(new Script.Write(Arrays.copyOf(bytes, cut)));
            loop.schedule(() -> {
                play.does(new Script.Write(Arrays.copyOfRange(bytes, cut, bytes.length)));
                leave(play, loop, manner, gone);
            }, delay, TimeUnit.MILLISECONDS);
        });
        return gone;
    }

    private static void leave(Play play, EventLoop loop, int manner, CompletableFuture<Void> gone) {
        switch (manner) {
            case 0 -> play.does(new Script.End());
            case 1 -> play.does(new Script.Reset());
            case 3 -> {
                // It stays, and its place is free for another.
                gone.complete(null);
                closeWhenOver(play, loop);
                return;
            }
            default -> { }
        }
        loop.schedule(() -> {
            play.close();
            gone.complete(null);
        }, 50, TimeUnit.MILLISECONDS);
    }

    private static void closeWhenOver(Play play, EventLoop loop) {
        if (play.over()) {
            play.close();
        } else {
            loop.schedule(() -> closeWhenOver(play, loop), 50, TimeUnit.MILLISECONDS);
        }
    }

    private byte[] string() {
        byte[] bytes = new byte[random.nextInt(LONGEST)];
        random.nextBytes(bytes);
        if (bytes.length > 0 && random.nextBoolean()) {
            bytes[0] = (byte) TELLING[random.nextInt(TELLING.length)];
        }
        if (bytes.length > 3 && bytes[0] == 5) {
            bytes[1] = (byte) (1 + random.nextInt(2));
            bytes[2] = (byte) (random.nextBoolean() ? 0 : 2);
        }
        return bytes;
    }

    private static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOCKS_TIMEOUT_SECONDS + MORE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, () -> what + " within Tor's SocksTimeout and a little more");
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Memory in use, on the heap and off it, once what can be collected is. */
    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()
                + io.netty.util.internal.PlatformDependent.usedDirectMemory();
    }

    /** Netty tells of a buffer that was collected without a release when it makes the next ones. */
    private static void shakeOutLeaks() throws InterruptedException {
        used();
        for (int i = 0; i < 1_000; i++) {
            ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer(64);
            buffer.release();
        }
    }
}
