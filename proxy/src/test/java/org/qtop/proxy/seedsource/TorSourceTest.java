package org.qtop.proxy.seedsource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.proxy.seedsource.StandInService.HandClock;

/** A hosted source through a stand-in for Tor's SOCKS port: by name, on a circuit of its own, with TLS to the end. */
class TorSourceTest {

    private static final String NAME = "seeds.test";
    @TempDir
    private static Path keys;
    private static TestTls tls;

    @TempDir
    private Path folder;
    private final HandClock clock = new HandClock("2026-03-01T22:00:00Z");
    private final byte[] bytes = new byte[64];

    @BeforeAll
    static void makeKeys() throws Exception {
        tls = TestTls.make(keys, NAME);
    }

    private HostedSeedSource source(String host, int port) throws IOException {
        return new HostedSeedSource(new AnuService(), URI.create("https://" + host + ":" + port), StandInService.KEY,
                true, new Allowance(folder, "anu", 100_000, clock),
                new HttpFetch(Patience.of(Duration.ofSeconds(60)), tls.trust()), clock, new Rest(clock, () -> 0));
    }

    @Test
    void shouldAskByNameThroughTorAndLookNothingUp() throws IOException {
        try (StandInService service = StandInService.secure("anu", tls.server());
                StandInTor tor = new StandInTor(service.port(), 0)) {
            HostedSeedSource source = source(NAME, service.port());
            source.through(tor::address);
            List<String> lookedUp = LookUps.during(() -> {
                try (QuantumCache cache = new QuantumCache(QuantumCache.MIN_CAPACITY, List.of(source),
                        Runnable::run)) {
                    assertEquals("anu", cache.account().lastReseedOrigin(), () -> cache.account().toString());
                    assertEquals(64, source.read(bytes, 0, 64));
                }
            });
            assertEquals(List.of(), lookedUp.stream().filter(name -> name.contains("test")).toList());
            assertEquals(2, service.requests().size());
            assertEquals(List.of("name " + NAME + ":" + service.port(), "name " + NAME + ":" + service.port()),
                    tor.targets());
            assertTrue(tor.logins().stream().allMatch(login -> login.startsWith("<torS0X>0 ")),
                    tor.logins().toString());
            assertNotEquals(tor.logins().get(0), tor.logins().get(1));
        }
    }

    /** Shows that the watch for look-ups sees one. */
    @Test
    void shouldSeeALookUp() throws IOException {
        assertEquals(List.of("looked-up.test"), LookUps.during(() -> new InetSocketAddress("looked-up.test", 1)));
    }

    @Test
    void shouldNotTrustAnotherName() throws IOException {
        try (StandInService service = StandInService.secure("anu", tls.server());
                StandInTor tor = new StandInTor(service.port(), 0)) {
            HostedSeedSource source = source("other.test", service.port());
            source.through(tor::address);
            String reason = assertThrows(IOException.class, () -> source.read(bytes, 0, 64)).getMessage();
            assertTrue(reason.startsWith("no secure connection (TLS)"), reason);
            assertEquals(List.of(), service.requests());
        }
    }

    @ParameterizedTest
    @CsvSource({"4, SOCKS reply 04", "240, SOCKS reply F0", "-1, does not speak as Tor does"})
    void shouldSayWhyTorDidNotReachTheService(int reply, String reason) throws IOException {
        try (StandInTor tor = new StandInTor(1, reply)) {
            HostedSeedSource source = source(NAME, 443);
            source.through(tor::address);
            String message = assertThrows(IOException.class, () -> source.read(bytes, 0, 64)).getMessage();
            assertTrue(message.contains(reason), message);
        }
    }

    @Test
    void shouldSayThatTorIsGone() throws IOException {
        StandInTor tor = new StandInTor(1, 0);
        tor.close();
        HostedSeedSource source = source(NAME, 443);
        source.through(tor::address);
        String message = assertThrows(IOException.class, () -> source.read(bytes, 0, 64)).getMessage();
        assertTrue(message.startsWith("Tor's SOCKS port does not answer"), message);
    }

    @Test
    void shouldNotGoAroundTor() throws IOException {
        try (StandInService service = StandInService.secure("anu", tls.server())) {
            HostedSeedSource source = source("127.0.0.1", service.port());
            String message = assertThrows(IOException.class, () -> source.read(bytes, 0, 64)).getMessage();
            assertTrue(message.startsWith("Tor is not there yet"), message);
            clock.pass(Duration.ofHours(1));
            source.through(() -> java.net.UnixDomainSocketAddress.of("/tor/socket"));
            assertThrows(IOException.class, () -> source.read(bytes, 0, 64));
            assertEquals(List.of(), service.requests());
        }
    }
}
