package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** How a run ends: what is open may finish, nothing stays. */
@ExtendWith(PrivateNetworkExtension.class)
class StopIT {

    private static final int PAGE = 30_000;

    private static PrivateNetwork network;
    private static Site site;

    @TempDir
    private Path folder;

    @BeforeAll
    static void share(PrivateNetwork shared, Site sharedSite) {
        network = shared;
        site = sharedSite;
    }

    private static void awaitRefused(InetSocketAddress address) throws Exception {
        Waiting.until(Waiting.LONG, "nobody listens any more", () -> !QtopChild.answers(address));
    }

    private static void assertArrives(SocksStream stream) throws IOException {
        assertEquals(Site.checksum(1, PAGE), Site.checksum(stream.get(Site.page(1, PAGE)), Site.Stall.NONE,
                new AtomicLong()));
    }

    @Test
    void shouldEndAtOnceWhenNothingIsOpen() throws Exception {
        try (QtopChild qtop = QtopChild.run(folder, network.socks(), network.control(), "--drain", "1h")) {
            assertTrue(site.fetch(qtop.address(), 1, PAGE));
            qtop.terminate();
            assertEquals(ExitCode.OK.code(), qtop.exitCode(Waiting.LONG), qtop::said);
            qtop.assertNothingLeft();
        }
    }

    @Test
    void shouldLetAnOpenStreamFinishButTakeNoOther() throws Exception {
        try (QtopChild qtop = QtopChild.run(folder, network.socks(), network.control(), "--drain", "1h")) {
            try (SocksStream open = new SocksStream(qtop.address()).connected(Site.HOST, site.port())) {
                qtop.terminate();
                awaitRefused(qtop.address());
                assertArrives(open);
            }
            assertEquals(ExitCode.OK.code(), qtop.exitCode(Waiting.LONG), qtop::said);
        }
    }

    @Test
    void shouldEndAStreamThatGoesOnForTooLong() throws Exception {
        try (QtopChild qtop = QtopChild.run(folder, network.socks(), network.control(), "--drain", "500ms");
                SocksStream open = new SocksStream(qtop.address()).connected(Site.HOST, site.port())) {
            qtop.terminate();
            qtop.awaitOut("Stopping: ");
            long begin = System.nanoTime();
            assertEquals(-1, open.read());
            long unlessTold = Settings.of(Map.of(), Map.of()).drainNanos();
            assertTrue(System.nanoTime() - begin < unlessTold, qtop::said);
            assertEquals(ExitCode.OK.code(), qtop.exitCode(Waiting.LONG), qtop::said);
            assertTrue(qtop.out().contains("1 connections were closed unfinished"), qtop::said);
        }
    }

    /** Ctrl-C reaches every process of a terminal: the private network's tors must live until the stream is done. */
    @Test
    void shouldLetAnOpenStreamFinishAfterCtrlCAndLeaveNoNetwork() throws Exception {
        try (QtopChild qtop = QtopChild.start(folder, "run", "--network", "private", "--listen", "127.0.0.1:0",
                "--log-level", "trace", "--drain", "1h")) {
            List<ProcessHandle> tors;
            try (SocksStream open = new SocksStream(qtop.address()).connected(Site.HOST, site.port())) {
                tors = qtop.tors();
                assertTrue(tors.size() >= 7, "seven tors at least");
                qtop.interrupt();
                awaitRefused(qtop.address());
                assertArrives(open);
            }
            assertEquals(ExitCode.OK.code(), qtop.exitCode(Waiting.LONG), qtop::said);
            assertEquals(List.of(), tors.stream().filter(QtopChild::runs).toList());
            qtop.assertNothingLeft();
        }
    }
}
