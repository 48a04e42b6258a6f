package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;
import org.qtop.proxy.privatenet.ControlLogin;
import org.qtop.proxy.privatenet.NetworkClient;
import org.qtop.proxy.privatenet.PrivateNetwork;

/**
 * Programs that load a page with 40 sub-resources through qtop and a real Tor, shut up with qtop in a network
 * namespace: every byte arrives, no query for a name is sent, and nothing goes anywhere but to qtop.
 */
@ExtendWith(PrivateNetworkExtension.class)
class BrowsersIT {

    private static final Duration LOADED = Duration.ofSeconds(120);

    @TempDir
    private static Path shared;

    private static PageSite site;
    private static SealedPlace place;
    private static TestAbortedException unmet;
    private static NetworkClient tor;
    private static OnionService service;
    private static QtopChild qtop;
    private static String onion;
    private static int port;

    @TempDir
    private Path folder;

    @BeforeAll
    @Timeout(600)
    static void setUp(PrivateNetwork network) throws Exception {
        try {
            place = new SealedPlace(shared);
        } catch (TestAbortedException e) {
            unmet = e;
            return;
        }
        site = PageSite.start();
        Path socks = shared.resolve("socks");
        tor = network.addClient(ControlLogin.none(), List.of("SocksPort unix:" + socks), Waiting.LONG);
        service = OnionService.start(tor, site.port());
        onion = service.host();
        qtop = QtopChild.start(Files.createDirectory(shared.resolve("qtop")), List.of(place.prefix()), "run",
                "--listen", "127.0.0.1:0", "--journal", "journal", "--log-level", "trace", "--tor-socks",
                "unix:" + socks, "--tor-control", "none", "--status-listen", "none").hiding(onion);
        port = qtop.address().getPort();
        place.watch(port);
    }

    /** Not in the set-up: of a class that gives up there, Surefire tells neither the tests nor the reason. */
    @BeforeEach
    void needThePlace() {
        if (unmet != null) {
            throw unmet;
        }
    }

    @AfterAll
    static void putAway() throws Exception {
        try (Closer closer = new Closer()) {
            for (AutoCloseable open : new AutoCloseable[] {place, site, tor, service, qtop}) {
                if (open != null) {
                    closer.add(open);
                }
            }
            if (qtop != null) {
                qtop.stop();
            }
        }
    }

    private Tool inside() {
        return new Tool(folder, place.prefix());
    }

    private static void assertNothingWentAround(long proxiedBefore) throws Exception {
        assertEquals(0, place.packets("names"));
        assertEquals(0, place.packets("other"));
        assertTrue(place.packets("proxied") > proxiedBefore);
    }

    @ParameterizedTest
    @CsvSource({"firefox, firefox-esr, false", "firefox, firefox-esr, true", "chromium, chromium, false",
        "chromium, chromium, true"})
    void shouldLoadThePageInABrowser(String browser, String program, boolean viaOnion) throws Exception {
        Tool.need(program);
        String report = browser + viaOnion;
        long before = place.packets("proxied");
        Path profiles = Files.createDirectory(folder.resolve("profiles"));
        String url = viaOnion ? PageSite.url(onion, 80, report) : PageSite.url(PageSite.HOST, site.port(), report);
        Tool tool = inside().with("TMPDIR", profiles.toString());
        Process script = tool.start("browser", Tool.script("browser"), browser, "--port", Integer.toString(port),
                "--headless", url);
        try {
            Waiting.until(LOADED, () -> "a whole page; " + tool.said("browser"), () -> site.reported(report) != null);
        } finally {
            Tool.end(script);
        }
        assertEquals(PageSite.wholeReport(), site.reported(report));
        assertNothingWentAround(before);
        try (Stream<Path> left = Files.list(profiles)) {
            assertEquals(List.of(), left.filter(path -> path.getFileName().toString().startsWith("qtop")).toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void shouldLoadThePageWithCurl(boolean viaOnion) throws Exception {
        Tool.need("curl");
        long before = place.packets("proxied");
        String host = viaOnion ? onion : PageSite.HOST;
        int sitePort = viaOnion ? 80 : site.port();
        inside().run("curl", "-sS", "--parallel", "--noproxy", "", "-x", "socks5h://127.0.0.1:" + port,
                "-o", "page", PageSite.url(host, sitePort, ""), "-o", "r#1",
                PageSite.resourceUrl(host, sitePort, "[0-" + (PageSite.RESOURCES - 1) + "]")).good();
        assertWhole();
        assertNothingWentAround(before);
    }

    /** torsocks refuses loopback addresses, so it is shown on the onion service. */
    @Test
    void shouldLoadThePageUnderTorsocks() throws Exception {
        Tool.need("torsocks", "curl");
        long before = place.packets("proxied");
        inside().run("torsocks", "-P", Integer.toString(port), Tool.find("curl").orElseThrow(), "-sS", "-o", "page",
                PageSite.url(onion, 80, ""), "-o", "r#1",
                PageSite.resourceUrl(onion, 80, "[0-" + (PageSite.RESOURCES - 1) + "]")).good();
        assertWhole();
        assertNothingWentAround(before);
    }

    /** As the README says it; the program knows nothing of a proxy. */
    @Test
    void shouldLoadThePageInAJavaMachineThatIsToldOfTheProxy() throws Exception {
        long before = place.packets("proxied");
        assertEquals(PageSite.page(), java("-Djdk.net.hosts.file=/dev/null"));
        assertNothingWentAround(before);
    }

    private String java(String option) throws Exception {
        Path program = Files.writeString(folder.resolve("Fetch.java"), """
                public class Fetch {
                    public static void main(String[] url) throws Exception {
                        java.net.URI.create(url[0]).toURL().openStream().transferTo(System.out);
                    }
                }
                """);
        return inside().run(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-DsocksProxyHost=127.0.0.1", "-DsocksProxyPort=" + port, "-DsocksNonProxyHosts=", option,
                program.toString(), PageSite.url(PageSite.HOST, site.port(), "")).good().out();
    }

    private void assertWhole() throws Exception {
        assertEquals(PageSite.page(), Files.readString(folder.resolve("page")));
        for (int i = 0; i < PageSite.RESOURCES; i++) {
            assertArrayEquals(PageSite.resource(i), Files.readAllBytes(folder.resolve("r" + i)));
        }
    }

    @Test
    void shouldResolveThePagesHostWithTorResolve() throws Exception {
        Tool.need("tor-resolve");
        long before = place.packets("proxied");
        assertEquals("127.0.0.1\n", inside().run("tor-resolve", "-5", "-p", Integer.toString(port), PageSite.HOST)
                .good().out());
        assertNothingWentAround(before);
    }

    /** A Java machine asks for names itself unless it is told not to: the README says how. */
    @Test
    void shouldHaveSeenWhateverGoesAround() throws Exception {
        Tool.need("curl");
        try {
            for (String address : List.of("192.0.2.1", "[2001:db8:1::1]", "127.0.0.1:1")) {
                long before = place.packets("other");
                assertFalse(inside().run("curl", "-sS", "-m", "1", "http://" + address + "/").code() == 0);
                assertTrue(place.packets("other") > before, address);
            }
            inside().run("curl", "-sS", "-m", "1", "http://" + QtopChild.SECRET + ".example/");
            assertTrue(place.packets("names") > 0);
            place.watchAgain();
            assertEquals(PageSite.page(), java("-Dno.such.option=1"));
            assertTrue(place.packets("names") > 0);
        } finally {
            place.watchAgain();
        }
    }
}
