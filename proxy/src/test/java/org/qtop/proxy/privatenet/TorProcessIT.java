package org.qtop.proxy.privatenet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.privatenet.TorStartException.Reason;

/** One process of the real tor, cut off from any network. */
@Timeout(120)
class TorProcessIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    /** An authority where nobody listens, so that the tor under test asks nobody. */
    private static final List<String> NOWHERE = List.of("TestingTorNetwork 1",
            "DirAuthority nobody orport=1 no-v2 v3ident=" + "A".repeat(40) + " 127.0.0.1:1 " + "B".repeat(40));

    @TempDir
    private Path folder;

    @Test
    void shouldStartAnOwnClientOnPortsThatTorChooses() throws IOException, InterruptedException {
        try (TorProcess tor = TorProcess.ownClient(folder.resolve("a b#c")).lines(NOWHERE).start()) {
            tor.awaitListening(LONG);
            assertTrue(tor.socks().orElseThrow().getPort() > 0);
            byte[] cookie = Files.readAllBytes(tor.cookieFile());
            assertEquals("250 OK", ControlPort.login(tor.control().orElseThrow(), HexFormat.of().formatHex(cookie)));
            assertEquals("PORT=127.0.0.1:" + tor.control().orElseThrow().getPort(),
                    Files.readString(tor.dataDirectory().resolve("control_port")).strip());
            TorStartException failure = assertThrows(TorStartException.class, () -> tor.awaitBootstrap(Duration.ZERO));
            assertEquals(Reason.NOT_IN_TIME, failure.reason());
            long start = System.nanoTime();
            tor.stop(LONG);
            assertTrue(System.nanoTime() - start < LONG.toNanos() / 2, "a client ends promptly on SIGTERM");
        }
    }

    @Test
    void shouldSayWhichOptionIsBad() throws IOException, InterruptedException {
        try (TorProcess tor = TorProcess.builder(folder).lines(List.of("NoSuchOption 3")).start()) {
            TorStartException failure = assertThrows(TorStartException.class, () -> tor.awaitBootstrap(LONG));
            assertEquals(Reason.ENDED, failure.reason());
            assertTrue(failure.getMessage().contains("NoSuchOption"), failure.getMessage());
        }
    }

    @Test
    void shouldSayWhichPortIsTaken() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                TorProcess tor = TorProcess.builder(folder).lines(NOWHERE)
                        .lines(List.of("SocksPort " + taken.getLocalPort())).start()) {
            TorStartException failure = assertThrows(TorStartException.class, () -> tor.awaitListening(LONG));
            assertEquals(Reason.PORT_TAKEN, failure.reason());
            assertTrue(failure.getMessage().contains("127.0.0.1:" + taken.getLocalPort()), failure.getMessage());
        }
    }
}
