package org.qtop.proxy.privatenet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The private network on the real tor. */
class PrivateNetworkIT {
    private static final Duration RESTART = Duration.ofSeconds(60);
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    @TempDir
    private static Path parent;
    private static PrivateNetwork network;
    private static HttpServer site;

    @BeforeAll
    static void boot() throws IOException, InterruptedException {
        site = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0), 0);
        site.createContext("/", exchange -> {
            byte[] body = "through real tors".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        site.start();
        network = PrivateNetwork.start(PrivateNetwork.Settings.defaults().withParent(parent), NetworkProgress.NONE);
    }

    @AfterAll
    static void shouldLeaveNothingBehind() throws IOException {
        site.stop(0);
        List<TorProcess> tors = network.started();
        assertTrue(tors.size() >= 7, "seven tors at least");
        network.close();
        network.close();
        assertEquals(List.of(), tors.stream().filter(TorProcess::isAlive).toList());
        try (var left = Files.list(parent)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static int fetch(InetSocketAddress socks) throws IOException {
        try (SocksClient client = new SocksClient(socks)) {
            int code = client.request(SocksClient.CONNECT, LOOPBACK, site.getAddress().getPort());
            if (code == 0) {
                client.bound();
                assertTrue(client.get("/").endsWith("through real tors"));
            }
            return code;
        }
    }

    @Test
    void shouldCarryAStreamToLoopback() throws IOException {
        assertEquals(0, fetch(network.socks()));
    }

    @Test
    void shouldCarryStreamsSideBySide() throws IOException {
        List<Integer> codes = IntStream.range(0, 100).parallel().mapToObj(i -> {
            try {
                return fetch(network.socks());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }).toList();
        assertEquals(Collections.nCopies(100, 0), codes);
    }

    @Test
    void shouldCarryAStreamToLocalhostByName() throws IOException {
        try (SocksClient client = new SocksClient(network.socks())) {
            assertEquals(0, client.request(SocksClient.CONNECT, "localhost", site.getAddress().getPort()));
            client.bound();
            assertTrue(client.get("/").endsWith("through real tors"));
        }
    }

    @Test
    void shouldResolveLocalhost() throws IOException {
        try (SocksClient client = new SocksClient(network.socks())) {
            assertEquals(0, client.request(SocksClient.RESOLVE, "localhost", 0));
            assertArrayEquals(LOOPBACK, client.bound());
        }
    }

    @Test
    void shouldResolveTheNameOfAnAddress() throws IOException {
        try (SocksClient client = new SocksClient(network.socks())) {
            assertEquals(0, client.request(SocksClient.RESOLVE_PTR, new byte[] {(byte) 192, 0, 2, 1}, 0));
            assertEquals("localhost", new String(client.bound(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void shouldNotKnowNamesOfTheOutside() throws IOException {
        try (SocksClient client = new SocksClient(network.socks())) {
            assertEquals(4, client.request(SocksClient.RESOLVE, "example.com", 0));
        }
    }

    @Test
    void shouldNotLeaveTheMachine() throws IOException {
        try (SocksClient client = new SocksClient(network.socks())) {
            assertNotEquals(0, client.request(SocksClient.CONNECT, new byte[] {(byte) 192, 0, 2, 1}, 80));
        }
    }

    @Test
    void shouldServeOnTheSamePortsAfterAKillOfTheClient() throws IOException, InterruptedException {
        InetSocketAddress socks = network.socks();
        InetSocketAddress control = network.control();
        network.killClient();
        assertThrows(ConnectException.class, () -> fetch(socks));
        network.startClient(RESTART);
        assertEquals(socks, network.socks());
        assertEquals(control, network.control());
        assertEquals(0, fetch(socks));
        assertEquals(32, Files.size(network.cookieFile()));
    }

    @Test
    void shouldAddClientsOfTheirOwn() throws IOException, InterruptedException {
        try (NetworkClient added = network.addClient(ControlLogin.withPassword("two words"), List.of(), RESTART)) {
            assertNotEquals(network.socks(), added.socks());
            assertEquals(0, fetch(added.socks()));
            assertFalse(Files.exists(added.cookieFile()));
            assertEquals("250 OK", ControlPort.login(added.control(), "\"two words\""));
            assertEquals("515", ControlPort.login(added.control(), "\"another\"").substring(0, 3));
        }
    }

    @Test
    void shouldTellItsVersion() {
        assertTrue(network.torVersion().matches("0\\.\\d+\\.\\d+\\.\\d+.*"), network.torVersion());
    }
}
