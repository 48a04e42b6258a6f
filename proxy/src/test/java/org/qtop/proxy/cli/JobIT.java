package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.engine.verify.ReleaseRecord;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.privatenet.ControlLogin;
import org.qtop.proxy.privatenet.NetworkClient;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.stream.Kind;

/** The whole job: the runnable jar between applications and a real Tor. */
@ExtendWith(PrivateNetworkExtension.class)
class JobIT {

    private static final int STREAMS = 1_000;
    private static final int AT_ONCE = 50;
    private static final int TURNS = 12;
    private static final int LARGEST_PAGE = 40_000;
    private static final Duration SOON = Duration.ofSeconds(30);

    private static PrivateNetwork network;
    private static Site site;

    @TempDir
    private Path folder;

    @BeforeAll
    static void share(PrivateNetwork shared, Site sharedSite) {
        network = shared;
        site = sharedSite;
    }

    private QtopChild run(String... more) throws Exception {
        return QtopChild.run(folder, network.socks(), network.control(), more);
    }

    @Test
    void shouldMatchAStreamAfterALoginByCookie() throws Exception {
        shouldMatchAStream(network.client(), "login safe cookie", "--control-cookie", network.cookieFile().toString());
    }

    @Test
    void shouldMatchAStreamWithTheCookieFileThatTorNames() throws Exception {
        shouldMatchAStream(network.client(), "login safe cookie");
    }

    /** A Tor of today offers SAFECOOKIE as well: so what it offers passes through a relay that hides it. */
    @Test
    void shouldMatchAStreamAfterALoginByCookieThatIsShown() throws Exception {
        NetworkClient client = network.client();
        try (Forwarder plain = new Forwarder(client.control(), line -> line.replace("COOKIE,SAFECOOKIE", "COOKIE"))) {
            shouldMatchAStream(client.socks(), plain.address(), "login cookie", "--control-cookie",
                    network.cookieFile().toString());
        }
    }

    @Test
    void shouldMatchAStreamWithoutALogin() throws Exception {
        try (NetworkClient client = network.addClient(ControlLogin.none(), List.of(), Waiting.LONG)) {
            shouldMatchAStream(client, "login none");
        }
    }

    @Test
    void shouldMatchAStreamAfterALoginByPassword() throws Exception {
        String password = QtopChild.SECRET + " \"\\ ";
        Path file = Files.writeString(folder.resolve("password"), password + "\n");
        try (NetworkClient client = network.addClient(ControlLogin.withPassword(password), List.of(), Waiting.LONG)) {
            shouldMatchAStream(client, "login password", "--control-password-file", file.toString());
        }
    }

    private void shouldMatchAStream(NetworkClient client, String login, String... more) throws Exception {
        shouldMatchAStream(client.socks(), client.control(), login, more);
    }

    private void shouldMatchAStream(InetSocketAddress socks, InetSocketAddress control, String login, String... more)
            throws Exception {
        try (QtopChild qtop = QtopChild.run(folder, socks, control, more)) {
            assertTrue(site.fetch(qtop.address(), 1, LARGEST_PAGE), qtop::said);
            assertIntroduced(qtop, socks, login);
            Release release = qtop.releases(1).get(0);
            assertTrue(release.record().stream() > 0 && release.record().circuit() > 0, release::toString);
            assertEquals(Kind.CONNECT, release.kind());
            assertTrue(release.record().latenessNanos() >= 0, release::toString);
            assertTrue(release.record().holdNanos() >= 100_000 && release.record().holdNanos() <= 10_000_000);
            assertEquals(1, release.record().n());
            qtop.stop();
        }
    }

    /** What a person must know stands in the first lines. */
    private static void assertIntroduced(QtopChild qtop, InetSocketAddress socks, String login) throws Exception {
        qtop.awaitOut("  stop ");
        List<String> first = qtop.out().stream().takeWhile(line -> !line.startsWith("  stop ")).toList();
        for (String line : List.of("qtop \\d.*", "Point applications at socks5h://127\\.0\\.0\\.1:\\d+ .*",
                " +Tor +" + Pattern.quote(QtopChild.text(socks)) + ", .*version \\d+\\.\\d+\\.\\d+.*",
                " +control port +" + login, " +hold +0\\.1 ms to 10 ms, uniform, .*",
                " +seeds +.*operating system.*")) {
            assertTrue(first.stream().anyMatch(said -> said.matches(line)), () -> line + " is not in " + qtop.said());
        }
        assertTrue(qtop.out().stream().anyMatch(line -> line.matches(" +stop +Ctrl-C or SIGTERM; .* 10 s .*")),
                qtop::said);
    }

    /** With conflux, Tor itself may move a login from one set of circuits to the next; it never lets two share one. */
    @Test
    void shouldKeepLoginsApart() throws Exception {
        assertApart(circuitsByLogin(network.client(), (stream, ridden) -> true));
    }

    @Test
    void shouldKeepLoginsApartAndTheSameLoginTogether() throws Exception {
        try (NetworkClient client = network.addClient(ControlLogin.none(), List.of("ConfluxEnabled 0"), Waiting.LONG);
                CircuitWatch watch = CircuitWatch.of(client)) {
            assertApart(circuitsByLogin(client, watch::hadToMove));
        }
    }

    /** Whether a stream's login may ride another circuit than those that it has ridden. */
    private interface Excuse {
        boolean covers(long stream, Set<Long> ridden) throws Exception;
    }

    private static void assertApart(List<Set<Long>> circuits) {
        Set<Long> all = new HashSet<>();
        circuits.forEach(all::addAll);
        assertEquals(circuits.stream().mapToInt(Set::size).sum(), all.size(), circuits::toString);
    }

    /** The circuits of three logins that take turns, as the journal tells. */
    private List<Set<Long>> circuitsByLogin(NetworkClient client, Excuse excuse) throws Exception {
        List<Set<Long>> circuits = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
        try (QtopChild qtop = QtopChild.run(folder, client.socks(), client.control())) {
            for (int i = 0; i < TURNS; i++) {
                int login = i % circuits.size();
                assertTrue(site.fetch(qtop.address(), QtopChild.SECRET + login, i, 1_000), qtop::said);
                ReleaseRecord record = qtop.releases(i + 1).get(i).record();
                Set<Long> ridden = circuits.get(login);
                assertTrue(ridden.isEmpty() || ridden.contains(record.circuit())
                        || excuse.covers(record.stream(), Set.copyOf(ridden)), circuits::toString);
                ridden.add(record.circuit());
            }
            qtop.stop();
        }
        return circuits;
    }

    @Test
    void shouldCarryAThousandStreamsWholeAndAccountForThem() throws Exception {
        try (QtopChild qtop = run()) {
            InetSocketAddress proxy = qtop.address();
            ExecutorService applications = Executors.newFixedThreadPool(AT_ONCE);
            try {
                List<Callable<Boolean>> fetches = new ArrayList<>();
                for (int i = 0; i < STREAMS; i++) {
                    int seed = i;
                    fetches.add(() -> site.fetch(proxy, seed, seed * 7919L % LARGEST_PAGE));
                }
                for (Future<Boolean> fetch : applications.invokeAll(fetches)) {
                    assertTrue(fetch.get(), qtop::said);
                }
            } finally {
                applications.shutdownNow();
            }
            List<Release> releases = qtop.releases(STREAMS);
            assertEquals(STREAMS, releases.size());
            long matched = releases.stream().filter(Release::matched).count();
            assertTrue(matched >= STREAMS - 1, () -> matched + " matched");
            assertEquals(0, releases.stream().filter(release -> release.record().latenessNanos() < 0).count());
            qtop.stop();
            assertTrue(qtop.out().get(qtop.out().size() - 1).startsWith("Stopped: 1,000 streams released"), qtop::said);
        }
        verify(folder.resolve("journal"), ExitCode.OK, "streams 1000 ", "violations 0");
        verify(altered(folder.resolve("journal")), ExitCode.FAILED, "streams 1000 ", "violations 1");
    }

    /** Changes one hex digit of one advance. */
    private static Path altered(Path journal) throws Exception {
        List<String> lines = new ArrayList<>(Files.readAllLines(journal));
        int which = lines.size() / 2;
        String key = "\"advance\":\"";
        int at = lines.get(which).indexOf(key) + key.length() + 3;
        StringBuilder line = new StringBuilder(lines.get(which));
        line.setCharAt(at, line.charAt(at) == '7' ? '8' : '7');
        lines.set(which, line.toString());
        assertNotEquals(Files.readAllLines(journal), lines);
        return Files.write(journal.resolveSibling("altered"), lines);
    }

    private void verify(Path journal, ExitCode expected, String... words) throws Exception {
        try (QtopChild check = QtopChild.start(Files.createDirectories(folder.resolve("verify")), "verify",
                journal.toString())) {
            assertEquals(expected.code(), check.exitCode(SOON), check::said);
            String verdict = check.out().get(check.out().size() - 1);
            for (String word : words) {
                assertTrue(verdict.contains(word), check::said);
            }
        }
    }
}
