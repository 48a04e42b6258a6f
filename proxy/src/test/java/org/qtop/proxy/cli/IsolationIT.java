package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.privatenet.ControlLogin;
import org.qtop.proxy.privatenet.NetworkClient;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** Clients that must not share circuits, and every kind of place where they can connect. */
@ExtendWith(PrivateNetworkExtension.class)
class IsolationIT {

    private static final int IPV4_REPLY = 10;
    private static final int IPV6_REPLY = 22;
    private static final Pattern PLACE = Pattern.compile("Point applications at (?:socks5h://|unix:)(\\S+) .*");

    private static Site site;
    private static NetworkClient tor;
    private static CircuitWatch watch;
    private static int secondSocks;

    @TempDir
    private static Path torSockets;

    @TempDir
    private Path folder;

    /** Without conflux, so that a client's streams ride one circuit and not one set of two. */
    @BeforeAll
    static void share(PrivateNetwork network, Site sharedSite) throws Exception {
        site = sharedSite;
        try (ServerSocket free = new ServerSocket(0)) {
            secondSocks = free.getLocalPort();
        }
        tor = network.addClient(ControlLogin.none(), List.of("ConfluxEnabled 0", "SocksPort 127.0.0.1:" + secondSocks,
                "SocksPort unix:" + torSockets.resolve("socks"), "ControlPort unix:" + torSockets.resolve("control")),
                Waiting.LONG);
        watch = CircuitWatch.of(tor);
    }

    @AfterAll
    static void end() {
        if (watch != null) {
            watch.close();
        }
        if (tor != null) {
            tor.close();
        }
    }

    private QtopChild run(String... more) throws IOException {
        return QtopChild.run(folder, tor.socks(), tor.control(), more);
    }

    /** Every place where it listens, in order. */
    private static List<InetSocketAddress> places(QtopChild qtop) throws Exception {
        qtop.awaitOut("  stop ");
        List<InetSocketAddress> places = new ArrayList<>();
        for (String line : qtop.out()) {
            Matcher place = PLACE.matcher(line);
            if (place.matches() && !place.group(1).startsWith("/")) {
                int colon = place.group(1).lastIndexOf(':');
                places.add(new InetSocketAddress(InetAddress.getByName(place.group(1).substring(0, colon)),
                        Integer.parseInt(place.group(1).substring(colon + 1))));
            }
        }
        return places;
    }

    /** The circuit of the stream that was released last, one stream at a time. */
    private static long circuit(QtopChild qtop, int count) throws Exception {
        Release release = qtop.releases(count).get(count - 1);
        assertTrue(release.matched() && release.record().circuit() > 0, release::toString);
        return release.record().circuit();
    }

    /** The circuits that each of some clients rode, one stream at a time. */
    private static final class Rides {
        private final QtopChild qtop;
        private final List<Set<Long>> clients = new ArrayList<>();
        private int count;

        Rides(QtopChild qtop, int clients) {
            this.qtop = qtop;
            for (int i = 0; i < clients; i++) {
                this.clients.add(new LinkedHashSet<>());
            }
        }

        /** Of the stream that was released last; its client keeps its circuit unless Tor itself had to leave it. */
        void add(int client) throws Exception {
            count++;
            long circuit = circuit(qtop, count);
            Set<Long> ridden = clients.get(client);
            if (!ridden.isEmpty() && !ridden.contains(circuit)) {
                long stream = qtop.releases(count).get(count - 1).record().stream();
                assertTrue(watch.hadToMove(stream, ridden),
                        () -> "client " + client + " moved to circuit " + circuit + " from " + clients);
            }
            ridden.add(circuit);
        }

        /** No two clients ever shared a circuit, whatever became of it. */
        void assertNoneShared() {
            assertEquals(clients.stream().mapToLong(Set::size).sum(),
                    clients.stream().flatMap(Set::stream).distinct().count(), clients::toString);
        }
    }

    /** How to open a stream. */
    private interface Opening {
        PlainStream open() throws IOException;
    }

    /** Two clients take turns; each keeps its circuit as long as Tor does, and they never share one. */
    private static void assertApart(QtopChild qtop, int replyBytes, Opening one, Opening other) throws Exception {
        Rides rides = new Rides(qtop, 2);
        for (int client : new int[] {0, 1, 0, 1, 1, 0}) {
            try (PlainStream stream = (client == 0 ? one : other).open()) {
                assertTrue(stream.fetches(site, replyBytes));
            }
            rides.add(client);
        }
        rides.assertNoneShared();
    }

    @Test
    void shouldKeepClientsOfTwoAddressesApartAndOneAddressTogether() throws Exception {
        try (QtopChild qtop = run()) {
            InetSocketAddress proxy = qtop.address();
            assertApart(qtop, IPV4_REPLY, () -> PlainStream.from("127.0.0.2", proxy),
                    () -> PlainStream.from("127.0.0.3", proxy));
            qtop.stop();
        }
    }

    @Test
    void shouldKeepClientsOfTwoProxyHeadersApartAndOneTogether() throws Exception {
        try (QtopChild qtop = run("--listen", "127.0.0.1:0,proxy")) {
            InetSocketAddress proxy = places(qtop).get(1);
            assertApart(qtop, IPV4_REPLY, () -> PlainStream.to(proxy).saying(PlainStream.proxyHeader("192.0.2.10")),
                    () -> PlainStream.to(proxy).saying(PlainStream.proxyHeader("192.0.2.11")));
            try (PlainStream ipv6 = PlainStream.to(proxy).saying(PlainStream.proxyHeader("2001:db8::1"))) {
                assertTrue(ipv6.fetches(site, IPV6_REPLY));
            }
            qtop.stop();
        }
    }

    @Test
    void shouldCloseAConnectionWhoseProxyHeaderIsBad() throws Exception {
        try (QtopChild qtop = run("--listen", "127.0.0.1:0,proxy")) {
            InetSocketAddress proxy = places(qtop).get(1);
            byte[] udp = PlainStream.proxyHeader("192.0.2.10");
            udp[13] = 0x12;
            for (byte[] bad : List.of(udp, HexFormat.of().parseHex("05010005010001000000000050"),
                    "PROXY TCP4 192.0.2.1 127.0.0.1 5000 9150\r\n".getBytes(StandardCharsets.US_ASCII))) {
                try (PlainStream stream = PlainStream.to(proxy).saying(bad)) {
                    assertEquals(-1, stream.read());
                }
            }
            qtop.stop();
        }
    }

    /** Tor's own ports are session groups of their own, and so are our listeners, with or without one each. */
    @Test
    void shouldKeepListenersApart() throws Exception {
        try (QtopChild qtop = run("--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0=127.0.0.1:" + secondSocks)) {
            List<InetSocketAddress> places = places(qtop);
            assertApart(qtop, IPV4_REPLY, () -> PlainStream.to(places.get(0)), () -> PlainStream.to(places.get(1)));
            try (PlainStream third = PlainStream.to(places.get(2))) {
                assertTrue(third.fetches(site, IPV4_REPLY));
            }
            long circuit = circuit(qtop, 7);
            List<Release> releases = qtop.releases(7);
            assertEquals(1, releases.stream().filter(release -> release.record().circuit() == circuit).count());
            qtop.stop();
        }
    }

    @Test
    void shouldListenOnIpv6AndReplyAsTorWouldThere() throws Exception {
        try (QtopChild qtop = run("--listen", "[::1]:0")) {
            List<InetSocketAddress> places = places(qtop);
            assertApart(qtop, places.get(1), places.get(0));
            qtop.stop();
        }
    }

    /** A client twice on a listener where Tor's replies would be long, then once on one where they are short. */
    private static void assertApart(QtopChild qtop, SocketAddress twice, SocketAddress once) throws Exception {
        Rides rides = new Rides(qtop, 2);
        for (SocketAddress proxy : List.of(twice, twice)) {
            try (PlainStream stream = PlainStream.to(proxy)) {
                assertTrue(stream.fetches(site, IPV6_REPLY));
            }
            rides.add(0);
        }
        try (PlainStream stream = PlainStream.to(once)) {
            assertTrue(stream.fetches(site, IPV4_REPLY));
        }
        rides.add(1);
        rides.assertNoneShared();
    }

    @Test
    void shouldListenOnAUnixSocketForItsOwnerAlone() throws Exception {
        Path path = folder.resolve("socks");
        try (QtopChild qtop = run("--listen", "unix:" + path)) {
            qtop.awaitOut("Point applications at unix:" + path);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertApart(qtop, PlainStream.unix(path.toString()), qtop.address());
            shouldRefuseASocketThatLives(path);
            qtop.kill();
            qtop.exitCode(Waiting.LONG);
            assertTrue(Files.exists(path));
        }
        Files.delete(folder.resolve("journal"));
        try (QtopChild successor = run("--listen", "unix:" + path + ",mode=660")) {
            successor.awaitOut("Point applications at unix:" + path);
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            try (PlainStream stream = PlainStream.to(PlainStream.unix(path.toString()))) {
                assertTrue(stream.fetches(site, IPV6_REPLY));
            }
            successor.stop();
            assertFalse(Files.exists(path));
        }
    }

    private void shouldRefuseASocketThatLives(Path path) throws Exception {
        try (QtopChild second = QtopChild.run(Files.createDirectory(folder.resolve("second")), tor.socks(),
                tor.control(), "--listen", "unix:" + path)) {
            assertEquals(ExitCode.LISTEN.code(), second.exitCode(Waiting.LONG), second::said);
            assertTrue(second.err().get(0).contains("another program listens there"), second::said);
        }
    }

    @Test
    void shouldReachTorOverUnixSocketsAndSayWhatIsMissing() throws Exception {
        try (QtopChild qtop = QtopChild.start(folder, "run", "--listen", "127.0.0.1:0", "--journal", "journal",
                "--tor-socks", "unix:" + torSockets.resolve("socks"), "--tor-control",
                "unix:" + torSockets.resolve("control"))) {
            InetSocketAddress proxy = qtop.address();
            try (PlainStream stream = PlainStream.to(proxy)) {
                assertTrue(stream.fetches(site, IPV4_REPLY));
            }
            assertFalse(qtop.releases(1).get(0).matched());
            assertTrue(qtop.out().stream().anyMatch(line -> line.contains("stand-in identifiers")), qtop::said);
            assertTrue(qtop.out().stream().anyMatch(line -> line.contains("by their logins alone")), qtop::said);
            qtop.stop();
        }
    }

    @Test
    void shouldNotPromiseProxyHeadersWhereTorCannotTellClientsApart() throws Exception {
        try (QtopChild qtop = QtopChild.start(folder, "run", "--listen", "127.0.0.1:0,proxy", "--tor-socks",
                "unix:" + torSockets.resolve("socks"), "--tor-control", "none")) {
            assertEquals(ExitCode.USAGE.code(), qtop.exitCode(Waiting.LONG), qtop::said);
            assertTrue(qtop.err().get(0).contains("keeps clients apart"), qtop::said);
        }
    }

    @Test
    void shouldReadOnlyThoseWhoAreAllowed() throws Exception {
        Optional<InetAddress> own = NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress()).findFirst();
        Assumptions.assumeTrue(own.isPresent(), "this machine has no IPv4 address besides loopback");
        String address = own.get().getHostAddress();
        try (QtopChild qtop = run("--listen", "0.0.0.0:0", "--allow", "203.0.113.0/24")) {
            int port = places(qtop).get(1).getPort();
            for (int i = 0; i < 50; i++) {
                try (PlainStream refused = PlainStream.to(new InetSocketAddress(own.get(), port))) {
                    assertEquals(-1, refused.read());
                }
            }
            try (PlainStream local = PlainStream.to(new InetSocketAddress("127.0.0.1", port))) {
                assertTrue(local.fetches(site, IPV4_REPLY));
            }
            assertEquals(1, qtop.err().stream().filter(line -> line.contains("--allow")).count(), qtop::said);
            qtop.stop();
        }
        try (QtopChild qtop = run("--listen", "0.0.0.0:0", "--allow", "203.0.113.0/24", "--allow", address)) {
            int port = places(qtop).get(1).getPort();
            try (PlainStream allowed = PlainStream.to(new InetSocketAddress(own.get(), port))) {
                assertTrue(allowed.fetches(site, IPV4_REPLY));
            }
            qtop.stop();
        }
    }
}
