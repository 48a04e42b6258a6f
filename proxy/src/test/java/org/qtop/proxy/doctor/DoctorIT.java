package org.qtop.proxy.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.doctor.Finding.Verdict;
import org.qtop.proxy.privatenet.TorProcess;

/** Breaks each thing on a real Tor, and reads what the doctor says of it. */
class DoctorIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Opens its ports though it knows no network: its only authority is a port on loopback where nothing listens. */
    private static final List<String> ON_LOOPBACK = List.of("ClientOnly 1", "TestingTorNetwork 1", "DirAuthority none"
            + " orport=1 no-v2 v3ident=" + "A".repeat(40) + " 127.0.0.1:1 " + "B".repeat(40),
            "ControlPort 127.0.0.1:auto", "SocksPort 127.0.0.1:auto");

    private static final int USUAL_CONTROL = 9051;

    @TempDir
    private Path folder;

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private TorProcess tor(String... lines) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(ON_LOOPBACK);
        all.addAll(List.of(lines));
        TorProcess tor = TorProcess.builder(folder.resolve("tor")).lines(all).start();
        tor.awaitListening(LIMIT);
        return tor;
    }

    private static Map<Setting, String> settingsOf(TorProcess tor) {
        Map<Setting, String> given = new EnumMap<>(Setting.class);
        given.put(Setting.TOR_SOCKS, Values.text(tor.socks().orElseThrow()));
        given.put(Setting.TOR_CONTROL, Values.text(tor.control().orElseThrow()));
        given.put(Setting.LISTEN, "127.0.0.1:0");
        given.put(Setting.STATUS_LISTEN, "none");
        return given;
    }

    private static Finding find(String check, Map<Setting, String> given) throws SettingException {
        return find(check, new Doctor(Settings.of(given, Map.of())));
    }

    private static Finding find(String check, Doctor doctor) {
        return doctor.examine(finding -> { }).stream().filter(finding -> finding.check().equals(check)).findFirst()
                .orElseThrow();
    }

    private static void assertFinding(Verdict verdict, String text, String cure, Finding finding) {
        assertEquals(verdict, finding.verdict(), finding.toString());
        assertTrue(finding.text().contains(text), finding.toString());
        assertTrue(finding.cure().contains(cure), finding.toString());
    }

    @Test
    void shouldMissATorThatIsNotThere() throws SettingException {
        assertFinding(Verdict.FAILED, "cannot be run", "apt-get install tor", find(TorProgramCheck.NAME, new Doctor(
                Settings.of(Map.of(), Map.of()), Optional.of(folder.resolve("tor")), Clock.systemUTC())));
    }

    @Test
    void shouldCallAnOldTorOld() throws IOException {
        Path old = Files.writeString(folder.resolve("old-tor"), "#!/bin/sh\necho Tor version 0.4.7.16.\n");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwx------"));
        assertFinding(Verdict.WARNING, "0.4.7.16", "up to date", TorProgramCheck.of(Optional.of(old)));
        assertEquals(Verdict.OK, TorProgramCheck.of(Optional.empty()).verdict());
    }

    @Test
    void shouldSayWhatATorWithoutNetworkLacks() throws Exception {
        try (TorProcess tor = tor("CookieAuthentication 1")) {
            Map<Setting, String> given = settingsOf(tor);
            assertFinding(Verdict.OK, "COOKIE, SAFECOOKIE", "", find(ControlChecks.PORT, given));
            assertFinding(Verdict.OK, "safe cookie", "", find(ControlChecks.LOGIN, given));
            assertEquals(Verdict.OK, find(ControlChecks.RUNNING, given).verdict());
            assertEquals(Verdict.OK, find(ControlChecks.COMMANDS, given).verdict());
            assertEquals(Verdict.OK, find(ControlChecks.UNATTACHED, given).verdict());
            assertEquals(Verdict.OK, find(PortChecks.SOCKS, given).verdict());
            assertEquals(Verdict.OK, find(PortChecks.LISTEN, given).verdict());
            assertFinding(Verdict.FAILED, "% only", "Tor's log", find(ControlChecks.BOOTSTRAP, given));
            assertEquals(Verdict.SKIPPED, find(ControlChecks.CLOCK, given).verdict());
        }
    }

    @Test
    void shouldCallItNoFailureThatQtopWouldStartATorOfItsOwn() throws Exception {
        // The Tors of tests take other ports; one of the machine itself may be there.
        assumeFalse(listens(USUAL_CONTROL), "something listens at Tor's usual control port, " + USUAL_CONTROL);
        Settings nothingGiven = Settings.of(Map.of(Setting.LISTEN, "127.0.0.1:0", Setting.STATUS_LISTEN, "none"),
                Map.of());
        Doctor doctor = new Doctor(nothingGiven, Optional.empty(), Clock.systemUTC());
        assertFinding(Verdict.WARNING, "starts a Tor of its own", "CookieAuthentication 1",
                find(ControlChecks.PORT, doctor));
        assertEquals(Verdict.SKIPPED, find(PortChecks.SOCKS, doctor).verdict());
    }

    @Test
    void shouldLookForSocksWhereTorSaysThatItIs() throws Exception {
        try (TorProcess tor = tor("CookieAuthentication 1")) {
            Map<Setting, String> given = settingsOf(tor);
            String socks = given.remove(Setting.TOR_SOCKS);
            assertFinding(Verdict.OK, socks, "", find(PortChecks.SOCKS, given));
        }
    }

    @Test
    void shouldMissTheControlPortOfATorThatEnded() throws Exception {
        Map<Setting, String> given;
        try (TorProcess tor = tor()) {
            given = settingsOf(tor);
        }
        assertFinding(Verdict.FAILED, "Connection refused", "CookieAuthentication 1", find(ControlChecks.PORT, given));
        assertEquals(Verdict.SKIPPED, find(ControlChecks.LOGIN, given).verdict());
        assertFinding(Verdict.FAILED, "Connection refused", "systemctl start tor", find(PortChecks.SOCKS, given));
    }

    @Test
    void shouldTellPortsThatAreMixedUp() throws Exception {
        try (TorProcess tor = tor()) {
            Map<Setting, String> given = settingsOf(tor);
            String socks = given.put(Setting.TOR_SOCKS, given.get(Setting.TOR_CONTROL));
            given.put(Setting.TOR_CONTROL, socks);
            assertFinding(Verdict.FAILED, "", "ControlPort", find(PortChecks.SOCKS, given));
            assertFinding(Verdict.FAILED, "not Tor's control port", "SocksPort", find(ControlChecks.PORT, given));
        }
    }

    @Test
    void shouldSayWhichPasswordIsMissingOrWrong() throws Exception {
        String hashOfX = hash("x");
        try (TorProcess tor = tor("HashedControlPassword " + hashOfX)) {
            Map<Setting, String> given = settingsOf(tor);
            assertFinding(Verdict.OK, "HASHEDPASSWORD", "", find(ControlChecks.PORT, given));
            assertFinding(Verdict.FAILED, "", "--control-password-file", find(ControlChecks.LOGIN, given));
            given.put(Setting.CONTROL_PASSWORD_FILE, Files.writeString(folder.resolve("wrong"), "y").toString());
            assertFinding(Verdict.FAILED, "", "HashedControlPassword", find(ControlChecks.LOGIN, given));
            given.put(Setting.CONTROL_PASSWORD_FILE, Files.writeString(folder.resolve("right"), "x").toString());
            assertEquals(Verdict.OK, find(ControlChecks.LOGIN, given).verdict());
        }
    }

    private static String hash(String password) throws IOException {
        Process tor = new ProcessBuilder("tor", "--quiet", "--hash-password", password).start();
        return new String(tor.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).lines()
                .filter(line -> line.startsWith("16:")).findFirst().orElseThrow();
    }

    @Test
    void shouldSayThatTheCookieCannotBeRead() throws Exception {
        try (TorProcess tor = tor("CookieAuthentication 1")) {
            Files.delete(tor.cookieFile());
            assertFinding(Verdict.FAILED, "", "debian-tor", find(ControlChecks.LOGIN, settingsOf(tor)));
        }
    }

    @Test
    void shouldTellWhatAFilterRefuses() throws Exception {
        try (TorProcess tor = tor(); Filter filter = new Filter(tor.control().orElseThrow(), "GETINFO stream-status")) {
            Map<Setting, String> given = settingsOf(tor);
            given.put(Setting.TOR_CONTROL, Values.text(filter.address()));
            assertFinding(Verdict.FAILED, "GETINFO stream-status", "onion-grater", find(ControlChecks.COMMANDS, given));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ATTACHSTREAM 0 0", "SETCONF __LeaveStreamsUnattached=0"})
    void shouldTellThatAFilterKeepsStreamsFromBeingHeldInsideTor(String command) throws Exception {
        String name = command.split(" 0|=0")[0];
        try (TorProcess tor = tor(); Filter filter = new Filter(tor.control().orElseThrow(), command)) {
            Map<Setting, String> given = settingsOf(tor);
            given.put(Setting.HOLD_AT, "attach");
            assertFinding(Verdict.OK, "lets streams be steered", "", find(ControlChecks.COMMANDS, given));
            given.put(Setting.TOR_CONTROL, Values.text(filter.address()));
            assertFinding(Verdict.FAILED, "Refused: " + name + ".", "let these commands through",
                    find(ControlChecks.COMMANDS, given));
            given.put(Setting.HOLD_AT, "request");
            assertFinding(Verdict.OK, "refuses " + name + ", which only --hold-at attach and qtop intercept need", "",
                    find(ControlChecks.COMMANDS, given));
        }
    }

    /** The soft limit is the hard one, since a Java machine raises the soft one to it. */
    @Test
    void shouldSayThatTooFewFilesMayBeOpen() throws Exception {
        Process doctor = new ProcessBuilder("sh", "-c", "ulimit -n 1024; exec \"$@\"", "sh",
                System.getProperty("java.home") + "/bin/java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.qtop.proxy.cli.Main", "doctor", "--json", "--tor-control", "none", "--tor-socks", "127.0.0.1:1",
                "--listen", "127.0.0.1:0", "--status-listen", "none").start();
        JsonNode checks = new ObjectMapper().readTree(doctor.getInputStream()).path("checks");
        assertEquals(1, doctor.waitFor());
        JsonNode files = checks.findParents("check").stream()
                .filter(check -> check.path("check").asText().equals(MachineChecks.FILES)).findFirst().orElseThrow();
        assertEquals("warning", files.path("verdict").asText());
        assertTrue(files.path("text").asText().startsWith("1024 open files are allowed"), files.toString());
        assertTrue(files.path("cure").asText().contains("--max-streams 412"), files.toString());
    }

    @Test
    void shouldFindStreamsLeftUnattachedByADeadProgram() throws Exception {
        try (TorProcess tor = tor(); Socket dead = new Socket()) {
            dead.connect(tor.control().orElseThrow());
            dead.getOutputStream().write("AUTHENTICATE\r\nSETCONF __LeaveStreamsUnattached=1\r\nQUIT\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            dead.getInputStream().readAllBytes();
            Map<Setting, String> given = settingsOf(tor);
            assertFinding(Verdict.FAILED, "every stream hangs", "SETCONF __LeaveStreamsUnattached=0",
                    find(ControlChecks.UNATTACHED, given));
        }
    }

    @Test
    void shouldNotCallAControllerDeadThatIsConnected() throws Exception {
        try (TorProcess tor = tor(); Socket other = new Socket()) {
            other.connect(tor.control().orElseThrow());
            other.getOutputStream().write("AUTHENTICATE\r\nSETCONF __LeaveStreamsUnattached=1\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            other.getInputStream().readNBytes("250 OK\r\n250 OK\r\n".length());
            assertFinding(Verdict.WARNING, "If one is at work", "If none is meant to be at work",
                    find(ControlChecks.UNATTACHED, settingsOf(tor)));
        }
    }

    @Test
    void shouldSayWhoseThePortIs() throws Exception {
        try (TorProcess tor = tor(); ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<Setting, String> given = settingsOf(tor);
            given.put(Setting.LISTEN, Values.text(tor.socks().orElseThrow()));
            assertFinding(Verdict.FAILED, "taken by tor (process " + tor.pid() + ")", "Tor Browser",
                    find(PortChecks.LISTEN, given));
            given.put(Setting.LISTEN, "127.0.0.1:" + other.getLocalPort());
            assertFinding(Verdict.FAILED, "java (process " + ProcessHandle.current().pid() + ")", "another --listen",
                    find(PortChecks.LISTEN, given));
        }
    }

    @Test
    void shouldSayThatASeedSourceIsUsedUpOrUnfit() throws Exception {
        Path little = Files.write(folder.resolve("little"), new byte[] {1, 2, 3});
        assertFinding(Verdict.FAILED, "used up", "--seed-source os", SeedCheck.of(Settings.of(Map.of(
                Setting.SEED_SOURCE, "file:" + little), Map.of())));
        Path constant = Files.write(folder.resolve("constant"), new byte[100_000]);
        assertFinding(Verdict.FAILED, "cannot be used", "--seed-source os", SeedCheck.of(Settings.of(Map.of(
                Setting.SEED_SOURCE, "file:" + constant), Map.of())));
        assertEquals(Verdict.OK, SeedCheck.of(Settings.of(Map.of(), Map.of())).verdict());
    }

    @Test
    void shouldSayWhenAMachineIsTooSlowOrTooTight() {
        assertFinding(Verdict.OK, "0.1 ms late", "", MachineChecks.timer(lateness(100_000, 100_000), "epoll"));
        assertFinding(Verdict.WARNING, "30 ms", "less to do", MachineChecks.timer(lateness(1_000, 30_000_000), "nio"));
        assertFinding(Verdict.FAILED, "much later", "virtual machine",
                MachineChecks.timer(lateness(9_000_000, 9_000_000), "nio"));
        assertFinding(Verdict.WARNING, "need 20200", "--max-streams 412", MachineChecks.files(10_000, 1_024));
        assertEquals(Verdict.WARNING, MachineChecks.files(1_000_000).verdict());
        assertTrue(MachineChecks.timer().text().startsWith("Holds of 1 ms end "), "the real one runs");
    }

    private static long[] lateness(long most, long few) {
        long[] late = new long[100];
        java.util.Arrays.fill(late, most);
        late[3] = few;
        late[7] = few;
        return late;
    }

    /** Stands before a control port as onion-grater does, and refuses one command. */
    private static final class Filter implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());

        Filter(InetSocketAddress control, String refused) throws IOException {
            daemon(() -> {
                while (true) {
                    Socket client = listener.accept();
                    Socket tor = new Socket(control.getAddress(), control.getPort());
                    daemon(() -> {
                        tor.getInputStream().transferTo(client.getOutputStream());
                        client.close();
                    });
                    daemon(() -> pass(client, tor.getOutputStream(), refused));
                }
            });
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void daemon(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    Thread.currentThread().interrupt();
                }
            }, "filter");
            thread.setDaemon(true);
            thread.start();
        }

        private static void pass(Socket client, OutputStream tor, String refused) throws IOException {
            BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(),
                    StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                (line.equals(refused) ? client.getOutputStream() : tor).write(
                        (line.equals(refused) ? "510 Command filtered\r\n" : line + "\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
            tor.close();
        }

        InetSocketAddress address() {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
