package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** Large bodies both ways at once, each with a reader that stops in the middle. */
@ExtendWith(PrivateNetworkExtension.class)
class TransferIT {

    private static final long BYTES = 200_000_000;
    private static final long SMALL = 5_000_000;
    private static final Duration STALL = Duration.ofSeconds(10);
    /** Nothing on its way moves for so long once the sender has been stopped. */
    private static final long STILL_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** 45 s on two idle cores; the tors, which need most of it, share them with whatever else runs. */
    private static final Duration LIMIT = Duration.ofMinutes(9);
    /**
     * What a stalled stream may hold between its ends: Tor's windows and the system's buffers at eight sockets. A
     * sender that nobody stops sends the other half of its body, which is twice as much.
     */
    private static final long IN_FLIGHT = 50_000_000;
    private static final long FLAT_KILOBYTES = 40_000;
    /** A heap and a room for buffers that a fourth of one body would fill; all of the heap is there from the start. */
    private static final List<String> SMALL_MACHINE = List.of("-Xms40m", "-Xmx40m", "-XX:+AlwaysPreTouch",
            "-XX:MaxDirectMemorySize=32m", "-Dio.netty.leakDetection.level=simple");

    private static PrivateNetwork network;
    private static Site site;

    @TempDir
    private Path folder;

    private final AtomicLong read = new AtomicLong();
    private final AtomicLong written = new AtomicLong();

    @BeforeAll
    static void share(PrivateNetwork shared, Site sharedSite) {
        network = shared;
        site = sharedSite;
    }

    private String download(InetSocketAddress proxy, long seed, long size, Site.Stall stall) throws Exception {
        try (SocksStream stream = new SocksStream(proxy, "down", "x").connected(Site.HOST, site.port())) {
            return Site.checksum(stream.get(Site.page(seed, size)), stall, read);
        }
    }

    private String upload(InetSocketAddress proxy, long seed, long size, Site.Stall stall) throws Exception {
        site.stall(stall);
        try (SocksStream stream = new SocksStream(proxy, "up", "x").connected(Site.HOST, site.port())) {
            stream.timeOut((int) LIMIT.toMillis());
            stream.post(Site.upload(), size);
            OutputStream out = stream.output();
            Site.write(seed, size, out, written);
            out.flush();
            return new String(stream.body().readAllBytes(), StandardCharsets.US_ASCII);
        } finally {
            site.stall(Site.Stall.NONE);
        }
    }

    /** Lasts until the other side stands still, as it must with half of the body to go, or has sent it all. */
    private static Site.Stall stall(AtomicLong inFlight, LongSupplier sentAhead) {
        return new Site.Stall(BYTES / 2, STALL, () -> {
            try {
                Waiting.until(LIMIT, () -> "a sender that stands still; " + inFlight + " bytes are under way",
                        new Stillness(inFlight, sentAhead));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Whether a figure has kept its value, which is written down, for long enough. */
    private static final class Stillness implements Callable<Boolean> {
        private final AtomicLong kept;
        private final LongSupplier figure;
        private long sinceNanos = System.nanoTime();

        Stillness(AtomicLong kept, LongSupplier figure) {
            this.kept = kept;
            this.figure = figure;
        }

        @Override
        public Boolean call() {
            long now = figure.getAsLong();
            if (kept.getAndSet(now) != now) {
                sinceNanos = System.nanoTime();
            }
            return System.nanoTime() - sinceNanos >= STILL_NANOS;
        }
    }

    /** Small bodies both ways at once; returns the most memory that qtop held meanwhile, in kilobytes. */
    private long warmUp(QtopChild qtop, ExecutorService applications) throws Exception {
        InetSocketAddress proxy = qtop.address();
        Future<String> got = applications.submit(() -> download(proxy, 1, SMALL, Site.Stall.NONE));
        Future<String> put = applications.submit(() -> upload(proxy, 2, SMALL, Site.Stall.NONE));
        long most = mostUntilDone(qtop, got, put);
        assertEquals(Site.checksum(1, SMALL), got.get(), qtop::said);
        assertEquals(Site.checksum(2, SMALL), put.get(), qtop::said);
        return most;
    }

    private long mostUntilDone(QtopChild qtop, Future<?> got, Future<?> put) throws Exception {
        AtomicLong most = new AtomicLong();
        Waiting.until(LIMIT, () -> "the end of the transfers; read " + read + " of " + site.sent() + " bytes, "
                + site.received() + " of " + written, () -> {
            most.accumulateAndGet(qtop.residentKilobytes(), Math::max);
            return got.isDone() && put.isDone();
        });
        return most.get();
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldCarryLargeBodiesInLittleMemory() throws Exception {
        ExecutorService applications = Executors.newFixedThreadPool(2);
        try (QtopChild qtop = QtopChild.start(folder, Map.of(), SMALL_MACHINE,
                QtopChild.runArguments(network.socks(), network.control()))) {
            InetSocketAddress proxy = qtop.address();
            long before = warmUp(qtop, applications);
            long sentBefore = site.sent() - read.get();
            long receivedBefore = written.get() - site.received();
            AtomicLong down = new AtomicLong(Long.MAX_VALUE);
            AtomicLong up = new AtomicLong(Long.MAX_VALUE);
            Future<String> got = applications.submit(() -> download(proxy, 3, BYTES,
                    stall(down, () -> site.sent() - read.get() - sentBefore)));
            Future<String> put = applications.submit(() -> upload(proxy, 4, BYTES,
                    stall(up, () -> written.get() - site.received() - receivedBefore)));
            long most = mostUntilDone(qtop, got, put);
            assertEquals(Site.checksum(3, BYTES), got.get(), qtop::said);
            assertEquals(Site.checksum(4, BYTES), put.get(), qtop::said);
            assertTrue(most - before < FLAT_KILOBYTES, () -> before + " kB before, " + most + " kB at most");
            assertTrue(down.get() < IN_FLIGHT, () -> down + " bytes down were under way after the stall");
            System.out.println("figure: " + before + " kB before, " + most + " kB at most, " + down + " bytes down were"
                    + " under way after the stall");
            // Upwards Tor's own client takes in a hundred megabytes at times, not qtop: its memory is flat.
            System.out.println("figure: " + up + " bytes up were under way after the stall");
            qtop.stop();
        } finally {
            applications.shutdownNow();
        }
    }
}
