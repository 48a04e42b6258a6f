package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.audit.JournalCheck;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.privatenet.ControlLogin;
import org.qtop.proxy.privatenet.NetworkClient;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** Tor, or its control port alone, goes away under a running qtop and comes back. */
@ExtendWith(PrivateNetworkExtension.class)
class TorLossIT {

    private static final int NETWORK_UNREACHABLE = 3;
    private static final int NOT_ALLOWED = 2;
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private static PrivateNetwork network;
    private static Site site;

    @TempDir
    private Path folder;
    private int releases;

    @BeforeAll
    static void share(PrivateNetwork shared, Site sharedSite) {
        network = shared;
        site = sharedSite;
    }

    /** Fetches a page and gives what the journal says of it. */
    private Release fetched(QtopChild qtop) throws Exception {
        assertTrue(site.fetch(qtop.address(), releases, 5_000), qtop::said);
        releases++;
        return qtop.releases(releases).get(releases - 1);
    }

    private void awaitMatched(QtopChild qtop) throws Exception {
        Waiting.until(Waiting.LONG, () -> "a matched stream; qtop said " + qtop.said(), () -> fetched(qtop).matched());
    }

    private static int connectAtOnce(QtopChild qtop) throws Exception {
        long begin = System.nanoTime();
        int code;
        try (SocksStream stream = new SocksStream(qtop.address())) {
            code = stream.connect(Site.HOST, site.port());
        }
        long took = System.nanoTime() - begin;
        assertTrue(took < AT_ONCE.toNanos(), () -> took + " ns");
        return code;
    }

    private void assertJournalAgrees() throws Exception {
        assertEquals(List.of(), JournalCheck.of(folder.resolve("journal")).findings());
    }

    @Test
    void shouldServeAgainWhenTorIsBack() throws Exception {
        try (NetworkClient tor = network.addClient(ControlLogin.none(), List.of(), Waiting.LONG);
                QtopChild qtop = QtopChild.run(folder, tor.socks(), tor.control())) {
            assertTrue(fetched(qtop).matched());
            try (SocksStream open = new SocksStream(qtop.address()).connected(Site.HOST, site.port());
                    SocksStream handshake = new SocksStream(qtop.address())) {
                releases++;
                tor.kill();
                assertEquals(-1, open.read());
                assertEquals(-1, handshake.read());
            }
            assertEquals(NETWORK_UNREACHABLE, connectAtOnce(qtop));
            assertEquals(NETWORK_UNREACHABLE, connectAtOnce(qtop));
            tor.start(Waiting.LONG);
            awaitMatched(qtop);
            assertTrue(fetched(qtop).matched());
            qtop.stop();
        }
        assertJournalAgrees();
    }

    @Test
    void shouldGoOnWithStandInsWhileTheControlPortIsLost() throws Exception {
        try (Forwarder control = new Forwarder(network.control());
                QtopChild qtop = QtopChild.run(folder, network.socks(), control.address())) {
            assertTrue(fetched(qtop).matched());
            control.cut();
            qtop.awaitErr("the control port is lost");
            assertFalse(fetched(qtop).matched());
            control.restore();
            awaitMatched(qtop);
            qtop.stop();
        }
        assertJournalAgrees();
    }

    @Test
    void shouldRefuseStreamsWithoutControlIfToldTo() throws Exception {
        try (Forwarder control = new Forwarder(network.control());
                QtopChild qtop = QtopChild.run(folder, network.socks(), control.address(), "--without-control",
                        "refuse")) {
            assertTrue(fetched(qtop).matched());
            control.cut();
            qtop.awaitErr("the control port is lost");
            assertEquals(NOT_ALLOWED, connectAtOnce(qtop));
            control.restore();
            Waiting.until(Waiting.LONG, "streams are let in again", () -> connectAtOnce(qtop) == 0);
            qtop.stop();
        }
        assertJournalAgrees();
    }

    @Test
    void shouldHoldStreamsOfATorWithoutControlPort() throws Exception {
        try (QtopChild qtop = QtopChild.start(folder, "run", "--listen", "[::1]:0", "--journal", "journal",
                "--log-level", "trace", "--tor-socks", QtopChild.text(network.socks()), "--tor-control", "none")) {
            assertFalse(fetched(qtop).matched());
            assertTrue(qtop.out().stream().anyMatch(line -> line.contains("stand-in identifiers")), qtop::said);
            qtop.stop();
        }
        assertJournalAgrees();
    }
}
