package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qtop.proxy.privatenet.ControlLogin;
import org.qtop.proxy.privatenet.NetworkClient;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** What goes wrong at the start ends at once with one line that names the value and the cure, and an exit code. */
@ExtendWith(PrivateNetworkExtension.class)
class ErrorsIT {

    private static PrivateNetwork network;
    private static Site site;

    @TempDir
    private Path folder;

    @BeforeAll
    static void share(PrivateNetwork shared, Site sharedSite) {
        network = shared;
        site = sharedSite;
    }

    @BeforeEach
    void write() throws IOException {
        Files.createDirectory(folder.resolve("folder"));
        Files.writeString(folder.resolve("crossed"), "min-hold = 7ms\nmax-hold = 1ms\n");
        Files.writeString(folder.resolve("unknown"), "# fine\nmin-holds = 7ms\n");
        Files.writeString(folder.resolve("zero"), "journal = a\0b\n");
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        Files.writeString(folder.resolve("empty"), "");
    }

    private void assertFails(ExitCode code, Map<String, String> environment, List<String> words, String... arguments)
            throws Exception {
        try (QtopChild qtop = QtopChild.start(folder, environment, List.of(), arguments)) {
            assertEquals(code.code(), qtop.exitCode(Waiting.LONG), qtop::said);
            assertEquals(1, qtop.err().size(), qtop::said);
            String line = qtop.err().get(0);
            assertTrue(line.startsWith("qtop: "), line);
            words.forEach(word -> assertTrue(line.contains(word), () -> line + " without " + word));
            assertEquals(List.of(), qtop.tors());
            qtop.assertNothingLeft();
        }
    }

    private void assertFails(ExitCode code, String words, String arguments) throws Exception {
        String[] split = Stream.of(arguments.split(" ")).map(word -> word.equals("''") ? "" : word)
                .toArray(String[]::new);
        assertFails(code, Map.of(), List.of(words.split(" & ")), split);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--min-hold 5ms & --max-hold 1ms & at most | run --min-hold 5ms --max-hold 1ms",
        "--nonsense & qtop run --help | run --nonsense",
        "frobnicate & qtop --help | frobnicate",
        "FILE & qtop verify --help | verify",
        "--min-hold & TIME | run --min-hold",
        "--min-hold -5ms & 0 to 60s | run --min-hold -5ms",
        "--max-hold 61s & 0 to 60s | run --max-hold 61s",
        "--listen 0.0.0.0:9150 & loopback | run --listen 0.0.0.0:9150",
        "--listen 127.0.0.1 & 127.0.0.1:9150 | run --listen 127.0.0.1",
        "--tor-socks host:9050 & IP address | run --tor-socks host:9050",
        "--network privat & public or private | run --network privat",
        "--network private & --tor-control & leave one of them out | run --network private --tor-control none",
        "--seeds 5 & 100000 to 10000000 | run --seeds 5",
        "--seed-source dice & file:PATH | run --seed-source dice",
        "--drain 2h & 0 to 1h | run --drain 2h",
        "--without-control maybe & hold or refuse | run --without-control maybe",
        "--log-level loud & debug | run --log-level loud",
        "--data-dir \"\" & give | run --data-dir ''",
        "unknown line 2 & min-holds | run --config unknown",
        "--journal a?b & stands in zero | run --config zero"})
    void shouldRefuseAWrongSetting(String words, String arguments) throws Exception {
        assertFails(ExitCode.USAGE, words, arguments);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--config missing & no such file | run --config missing",
        "--config folder & directory | run --config folder",
        "--config binary & UTF-8 | run --config binary",
        "--control-password-file missing & no such file | run --control-password-file missing",
        "--control-password-file empty & empty | run --control-password-file empty",
        "--control-cookie missing & no such file | run --control-cookie missing",
        "--seed-source file:missing & no such file | run --seed-source file:missing",
        "--journal none/journal & no such file | run --listen 127.0.0.1:0 --journal none/journal",
        "--journal folder & directory | run --listen 127.0.0.1:0 --journal folder",
        "missing & no such file | verify missing",
        "folder & directory | verify folder"})
    void shouldNameAFileThatCannotBeUsed(String words, String arguments) throws Exception {
        assertFails(ExitCode.FILE, words, arguments);
    }

    /** Port 1 is nobody's. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--tor-socks 127.0.0.1:1 & start Tor | run --listen 127.0.0.1:0 --tor-socks 127.0.0.1:1 --tor-control none",
        "127.0.0.1:1 & --tor-control none | run --listen 127.0.0.1:0 --tor-control 127.0.0.1:1"})
    void shouldSayThatTorIsNotThere(String words, String arguments) throws Exception {
        assertFails(ExitCode.TOR_UNREACHABLE, words, arguments);
    }

    @Test
    void shouldSayThatTheSocksPortBesideAControlPortIsNotThere() throws Exception {
        assertFails(ExitCode.TOR_UNREACHABLE, "--tor-socks 127.0.0.1:1 & start Tor",
                "run --listen 127.0.0.1:0 --tor-socks 127.0.0.1:1 --tor-control " + QtopChild.text(network.control()));
    }

    @Test
    void shouldSayThatTheControlPortIsNone() throws Exception {
        String port = "127.0.0.1:" + site.port();
        assertFails(ExitCode.TOR_UNREACHABLE, port, "run --listen 127.0.0.1:0 --tor-control " + port);
    }

    @Test
    void shouldSayThatThePortIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + other.getLocalPort();
            assertFails(ExitCode.LISTEN, "--listen " + address + " & another port", "run --listen " + address);
        }
    }

    @Test
    void shouldSayThatTheFolderOfItsOwnTorCannotBeMade() throws Exception {
        for (int port : new int[] {9050, 9051}) {
            org.junit.jupiter.api.Assumptions.assumeFalse(
                    QtopChild.answers(new InetSocketAddress("127.0.0.1", port)), "port " + port + " is in use");
        }
        assertFails(ExitCode.TOR_START, "empty/x & --data-dir", "run --listen 127.0.0.1:0 --data-dir empty/x");
    }

    @Test
    void shouldSayThatPasswordOrCookieAreNotTorsOwn() throws Exception {
        String password = QtopChild.SECRET;
        Files.writeString(folder.resolve("wrong"), password + "!");
        try (NetworkClient tor = network.addClient(ControlLogin.withPassword(password),
                List.of("CookieAuthentication 1"), Waiting.LONG)) {
            String run = "run --listen 127.0.0.1:0 --tor-socks " + QtopChild.text(tor.socks()) + " --tor-control "
                    + QtopChild.text(tor.control());
            assertFails(ExitCode.CONTROL_LOGIN, "wrong & HashedControlPassword", run
                    + " --control-password-file wrong");
            assertFails(ExitCode.CONTROL_LOGIN, "binary & --control-cookie", run + " --control-cookie binary");
            Files.delete(tor.cookieFile());
            assertFails(ExitCode.CONTROL_LOGIN,
                    tor.cookieFile() + " & --control-cookie & --control-password-file", run);
        }
    }

    @Test
    void shouldLetTheCommandLineBeatTheEnvironmentAndThatTheFile() throws Exception {
        String[] file = {"run", "--config", "crossed"};
        assertFails(ExitCode.USAGE, Map.of(), List.of("--min-hold 7ms", "stands in crossed"), file);
        Map<String, String> environment = Map.of("QTOP_MIN_HOLD", "6ms");
        assertFails(ExitCode.USAGE, environment, List.of("--min-hold 6ms", "comes from QTOP_MIN_HOLD"), file);
        assertFails(ExitCode.USAGE, environment, List.of("--min-hold 5ms"), "run", "--config", "crossed", "--min-hold",
                "5ms");
    }

    @Test
    void shouldRunOnSettingsFromEverywhere() throws Exception {
        Files.writeString(folder.resolve("settings"), "tor-socks = " + QtopChild.text(network.socks())
                + "\ntor-control = none\nmin-hold = 3ms\nmax-hold=4ms\n\n# more\njournal = journal\n");
        Map<String, String> environment = Map.of("QTOP_MIN_HOLD", "1ms", "QTOP_TOR_CONTROL",
                QtopChild.text(network.control()), "QTOP_LISTEN", "127.0.0.1:1");
        try (QtopChild qtop = QtopChild.start(folder, environment, List.of(), "run", "--config", "settings", "--listen",
                "[::1]:0")) {
            assertTrue(site.fetch(qtop.address(), 1, 1_000), qtop::said);
            assertTrue(qtop.releases(1).get(0).matched());
            assertEquals("uniform:1000000:4000000", qtop.releases(1).get(0).record().law());
            qtop.stop();
            assertEquals(List.of(), qtop.err());
        }
    }
}
