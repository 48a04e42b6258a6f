package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.privatenet.ControlLogin;
import org.qtop.proxy.privatenet.NetworkClient;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.stream.Kind;

/** What people use: curl (SOCKS, HTTP), torsocks, tor-resolve; each is answered through qtop as by Tor's own port. */
@ExtendWith(PrivateNetworkExtension.class)
class RealClientsIT {

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

    /** What a program did. */
    private record Outcome(int exitCode, String out, String err) {
    }

    private Outcome outcome(String program, String... arguments) throws IOException, InterruptedException {
        Path found = List.of("/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin").stream()
                .map(place -> Path.of(place, program)).filter(Files::isExecutable).findFirst().orElse(null);
        Assumptions.assumeTrue(found != null, "the program " + program + " is missing");
        List<String> command = new java.util.ArrayList<>(List.of(found.toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("program.out");
        Path err = folder.resolve("program.err");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> program + " did not end");
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1),
                Files.readString(err, StandardCharsets.ISO_8859_1));
    }

    private static String port(InetSocketAddress address) {
        return Integer.toString(address.getPort());
    }

    private static String proxy(InetSocketAddress address) {
        return "socks5h://127.0.0.1:" + port(address);
    }

    private QtopChild run() throws IOException {
        return QtopChild.run(folder, network.socks(), network.control());
    }

    private static void assertReleased(QtopChild qtop, Kind... kinds) throws Exception {
        List<Release> releases = qtop.releases(kinds.length);
        assertEquals(List.of(kinds), releases.stream().map(Release::kind).toList());
        assertTrue(releases.stream().allMatch(Release::matched), releases::toString);
    }

    private String url(String host, int port) {
        return "http://" + host + ":" + port + Site.page(1, PAGE);
    }

    private void assertPage(Path file) throws IOException {
        try (var page = Files.newInputStream(file)) {
            assertEquals(Site.checksum(1, PAGE), Site.checksum(page, Site.Stall.NONE,
                    new java.util.concurrent.atomic.AtomicLong()));
        }
    }

    @Test
    void shouldServeCurlOnAPageOfThisMachine() throws Exception {
        try (QtopChild qtop = run()) {
            Path page = folder.resolve("page");
            for (String host : List.of("127.0.0.1", Site.HOST)) {
                Outcome curl = outcome("curl", "-sS", "--noproxy", "", "-x", proxy(qtop.address()),
                        "-U", QtopChild.SECRET + ":" + QtopChild.SECRET, "-o", page.toString(), url(host, site.port()));
                assertEquals(0, curl.exitCode(), curl::toString);
                assertPage(page);
            }
            assertReleased(qtop, Kind.CONNECT, Kind.CONNECT);
            qtop.stop();
        }
    }

    @Test
    void shouldServeCurlThroughHttpConnect() throws Exception {
        try (QtopChild qtop = run()) {
            assertServesCurlThroughHttpConnect(qtop);
        }
    }

    @Test
    void shouldServeCurlThroughTheHttpPortOfTor() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String http = "127.0.0.1:" + port;
        try (NetworkClient tor = network.addClient(ControlLogin.none(), List.of("HTTPTunnelPort " + http),
                Waiting.LONG);
                QtopChild qtop = QtopChild.run(folder, tor.socks(), tor.control(), "--tor-http", http)) {
            assertServesCurlThroughHttpConnect(qtop);
        }
    }

    private void assertServesCurlThroughHttpConnect(QtopChild qtop) throws Exception {
        Path page = folder.resolve("page");
        for (String host : List.of("127.0.0.1", Site.HOST)) {
            Outcome curl = outcome("curl", "-sS", "--noproxy", "", "-p", "-x",
                    "http://127.0.0.1:" + port(qtop.address()), "-U", QtopChild.SECRET + ":" + QtopChild.SECRET, "-o",
                    page.toString(), url(host, site.port()));
            assertEquals(0, curl.exitCode(), curl::toString);
            assertPage(page);
        }
        assertReleased(qtop, Kind.CONNECT, Kind.CONNECT);
        qtop.stop();
    }

    @Test
    void shouldServeCurlOnADestinationThatRefuses() throws Exception {
        try (QtopChild qtop = run()) {
            String closed = url(Site.HOST, 1);
            Outcome through = outcome("curl", "-sS", "-x", proxy(qtop.address()), closed);
            Outcome direct = outcome("curl", "-sS", "-x", proxy(network.socks()), closed);
            assertEquals(direct, through);
            assertTrue(through.exitCode() != 0, through::toString);
            assertReleased(qtop, Kind.CONNECT);
            qtop.stop();
        }
    }

    @Test
    void shouldServeTorsocksOnAnOnionService() throws Exception {
        try (OnionService onion = OnionService.start(network, site.port()); QtopChild qtop = run()) {
            qtop.hiding(onion.host());
            Path page = folder.resolve("page");
            Outcome curl = outcome("torsocks", "-P", port(qtop.address()), "curl", "-sS", "-o", page.toString(),
                    url(onion.host(), 80));
            assertEquals(0, curl.exitCode(), curl::toString);
            assertPage(page);
            assertReleased(qtop, Kind.CONNECT);
            qtop.stop();
        }
    }

    @Test
    void shouldResolveAsTorItselfDoes() throws Exception {
        try (QtopChild qtop = run()) {
            String proxy = port(qtop.address());
            String tor = port(network.socks());
            assertEquals(resolve(tor, "localhost"), resolve(proxy, "localhost"));
            assertEquals("127.0.0.1\n", resolve(proxy, Site.HOST).out());
            assertEquals(resolve(tor, "-x", "192.0.2.1"), resolve(proxy, "-x", "192.0.2.1"));
            assertEquals("localhost\n", resolve(proxy, "-x", "192.0.2.1").out());
            Outcome unknown = resolve(proxy, QtopChild.SECRET + ".example");
            assertEquals(resolve(tor, QtopChild.SECRET + ".example"), unknown);
            assertTrue(unknown.exitCode() != 0, unknown::toString);
            assertReleased(qtop, Kind.RESOLVE, Kind.RESOLVE, Kind.RESOLVE_PTR, Kind.RESOLVE_PTR, Kind.RESOLVE);
            qtop.stop();
        }
    }

    private Outcome resolve(String port, String... arguments) throws Exception {
        List<String> all = new java.util.ArrayList<>(List.of("-5", "-p", port));
        all.addAll(List.of(arguments));
        Outcome outcome = outcome("tor-resolve", all.toArray(String[]::new));
        // tor-resolve starts its lines with the time.
        return new Outcome(outcome.exitCode(), outcome.out(),
                outcome.err().replaceAll("(?m)^[A-Z][a-z]{2} .*?\\[", "["));
    }
}
