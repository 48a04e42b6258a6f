package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.audit.JournalCheck;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.privatenet.ControlLogin;
import org.qtop.proxy.privatenet.NetworkClient;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** Tor, or its control port alone, goes away under a running qtop and comes back. */
@ExtendWith(PrivateNetworkExtension.class)
@Timeout(600)
class TorLossIT {

    private static final int NETWORK_UNREACHABLE = 3;
    private static final int NOT_ALLOWED = 2;
    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    /** One attempt may take as long as {@link SocksStream} waits for an answer. */
    private static final Duration BACK = Waiting.LONG.multipliedBy(4);

    private static PrivateNetwork network;
    private static Site site;

    @TempDir
    private Path folder;

    @BeforeAll
    static void share(PrivateNetwork shared, Site sharedSite) {
        network = shared;
        site = sharedSite;
    }

    /** Fetches a page and gives what the journal says of it. */
    private static Release fetched(QtopChild qtop) throws Exception {
        InetSocketAddress proxy = qtop.address();
        int before = qtop.releases(0).size();
        assertTrue(site.fetch(proxy, before, 5_000), qtop::said);
        return qtop.releases(before + 1).get(before);
    }

    /** A Tor that has just started may refuse for a while, or lose what it carries. */
    private static void awaitMatched(QtopChild qtop) throws Exception {
        Waiting.until(BACK, () -> "a matched stream; qtop said " + qtop.said(), () -> {
            int before = qtop.releases(0).size();
            return arrives(qtop) && qtop.releases(before + 1).stream().skip(before).anyMatch(Release::matched);
        });
    }

    private static boolean arrives(QtopChild qtop) throws Exception {
        try {
            return site.fetch(qtop.address(), 0, 5_000);
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int connect(QtopChild qtop) throws Exception {
        try (SocksStream stream = new SocksStream(qtop.address())) {
            return stream.connect(Site.HOST, site.port());
        }
    }

    private static boolean connects(QtopChild qtop) throws Exception {
        try {
            return connect(qtop) == 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** For a refusal of qtop's own, which no Tor has a part in. */
    private static int connectAtOnce(QtopChild qtop) throws Exception {
        long begin = System.nanoTime();
        int code = connect(qtop);
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
                qtop.releases(2);
                tor.kill();
                assertEquals(-1, open.read());
                assertEquals(-1, handshake.read());
            }
            assertEquals(NETWORK_UNREACHABLE, connectAtOnce(qtop));
            assertEquals(NETWORK_UNREACHABLE, connectAtOnce(qtop));
            tor.start(Waiting.LONG);
            awaitMatched(qtop);
            int before = qtop.releases(0).size();
            assertTrue(site.fetch(qtop.address(), 1, 5_000), qtop::said);
            qtop.awaitMatchedPast(before);
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
            Waiting.until(BACK, "streams are let in again", () -> connects(qtop));
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
