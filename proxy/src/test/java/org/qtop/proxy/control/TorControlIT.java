package org.qtop.proxy.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.control.ControlException.Kind;
import org.qtop.proxy.stream.StreamEvent;

/** Against a real Tor, off the network: once per way of logging in, what fails, and what comes back. */
@Timeout(180)
class TorControlIT {

    private static final String PASSWORD = "a \"strange\\ password";

    @TempDir
    Path folder;

    private final Recorder recorder = new Recorder();

    @AfterEach
    void shouldLeaveNoThread() {
        Await.untilNoThread();
    }

    private ControlSettings at(RealTor tor) {
        return ControlSettings.at(tor.control()).withLimits(Duration.ofSeconds(20), Duration.ofSeconds(20))
                .withBackOff(Duration.ofMillis(20), Duration.ofMillis(500));
    }

    @Test
    void shouldLogInWithNothingAndUseEveryCommand() throws Exception {
        try (RealTor tor = RealTor.start(folder); TorControl control = TorControl.open(at(tor), recorder)) {
            assertEquals(LoginMethod.NULL, control.identity().login());
            assertEquals(tor.pid(), control.identity().pid());
            assertTrue(control.identity().version().startsWith("0."), control.identity().version());
            assertTrue(control.getInfo("version").startsWith(control.identity().version()));
            Await.until(() -> recorder.count("bootstrap 0") == 1);
            assertEquals("connected false", recorder.all.get(0));

            control.setConf("__LeaveStreamsUnattached", "1");
            assertEquals("__LeaveStreamsUnattached=1", control.command("GETCONF __LeaveStreamsUnattached").text());
            control.resetConf("__LeaveStreamsUnattached");
            control.signal("RELOAD");
            Await.until(() -> recorder.all.contains("signal RELOAD"));
            control.takeOwnership();
            control.dropOwnership();
            assertEquals(List.of(), control.streams());
            assertEquals(List.of(), control.circuits());
            assertEquals(552, control.command("ATTACHSTREAM 4711 0").code());
            ControlException refused = assertThrows(ControlException.class, () -> control.getInfo("no/such"));
            assertEquals(Kind.COMMAND_REFUSED, refused.kind());
            assertEquals(552, refused.code());
        }
        assertEquals(0, recorder.count("lost"));
    }

    @Test
    void shouldLogInBySafeCookie() throws Exception {
        try (RealTor tor = RealTor.start(folder, "CookieAuthentication 1");
                TorControl control = TorControl.open(at(tor), recorder)) {
            assertEquals(LoginMethod.SAFECOOKIE, control.identity().login());
            assertTrue(control.connected());
        }
    }

    /** Tor always offers both, so a relay in between hides the better one. */
    @Test
    void shouldLogInByPlainCookie() throws Exception {
        try (RealTor tor = RealTor.start(folder, "CookieAuthentication 1");
                StandInControl relay = new StandInControl()) {
            relay.relayTo(tor.control(), line -> line.replace("COOKIE,SAFECOOKIE", "COOKIE"));
            try (TorControl control = TorControl.open(ControlSettings.at(relay.address()), recorder)) {
                assertEquals(LoginMethod.COOKIE, control.identity().login());
                assertEquals(tor.pid(), control.identity().pid());
            }
        }
    }

    @Test
    void shouldLogInByPassword() throws Exception {
        Path right = Files.writeString(folder.resolve("right"), PASSWORD + '\n');
        Path wrong = Files.writeString(folder.resolve("wrong"), PASSWORD + "!\n");
        try (RealTor tor = RealTor.start(folder, "HashedControlPassword " + hashed(PASSWORD))) {
            try (TorControl control = TorControl.open(at(tor).withPasswordFile(right), recorder)) {
                assertEquals(LoginMethod.HASHEDPASSWORD, control.identity().login());
            }
            ControlException refused = failure(at(tor).withPasswordFile(wrong));
            assertEquals(Kind.PASSWORD_WRONG, refused.kind());
            assertEquals(515, refused.code());
            assertTrue(refused.getMessage().contains(wrong.toString()), refused.getMessage());
            assertFalse(refused.getMessage().contains("strange"), refused.getMessage());
            assertEquals(Kind.PASSWORD_MISSING, failure(at(tor)).kind());
        }
    }

    @Test
    void shouldPreferTheGivenPasswordToACookie() throws Exception {
        Path right = Files.writeString(folder.resolve("right"), PASSWORD);
        try (RealTor tor = RealTor.start(folder, "CookieAuthentication 1",
                "HashedControlPassword " + hashed(PASSWORD))) {
            try (TorControl control = TorControl.open(at(tor).withPasswordFile(right), recorder)) {
                assertEquals(LoginMethod.HASHEDPASSWORD, control.identity().login());
            }
            try (TorControl control = TorControl.open(at(tor), recorder)) {
                assertEquals(LoginMethod.SAFECOOKIE, control.identity().login());
            }
        }
    }

    @Test
    void shouldLogInOverAUnixSocket() throws Exception {
        Path socket = folder.resolve("control.socket");
        try (RealTor tor = RealTor.start(folder, "CookieAuthentication 1", "ControlSocket " + socket);
                TorControl control = TorControl.open(ControlSettings.at(UnixDomainSocketAddress.of(socket)),
                        recorder)) {
            assertEquals(tor.pid(), control.identity().pid());
            List<CompletableFuture<ControlReply>> replies = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                replies.add(control.send("ATTACHSTREAM 9 0"));
                assertEquals(tor.pid(), Long.parseLong(control.getInfo("process/pid")));
            }
            for (CompletableFuture<ControlReply> reply : replies) {
                assertEquals(552, reply.get(Await.SECONDS, TimeUnit.SECONDS).code());
            }
        }
    }

    @Test
    void shouldNameACookieThatIsMissingOrAnothers() throws Exception {
        try (RealTor tor = RealTor.start(folder, "CookieAuthentication 1")) {
            byte[] cookie = Files.readAllBytes(tor.cookie());
            ControlException missing = failure(at(tor).withCookieFile(folder.resolve("none")));
            assertEquals(Kind.COOKIE_UNREADABLE, missing.kind());
            assertTrue(missing.getMessage().contains(folder.resolve("none").toString()), missing.getMessage());
            cookie[5] ^= 1;
            ControlException other = failure(at(tor).withCookieFile(Files.write(folder.resolve("other"), cookie)));
            assertEquals(Kind.LOGIN_REFUSED, other.kind());
            cookie[5] ^= 1;
            Path moved = Files.write(folder.resolve("moved"), cookie);
            Files.delete(tor.cookie());
            assertEquals(Kind.COOKIE_UNREADABLE, failure(at(tor)).kind());
            TorControl.open(at(tor).withCookieFile(moved), recorder).close();
        }
    }

    @Test
    void shouldTellTorsSocksPortFromItsControlPort() throws Exception {
        try (RealTor tor = RealTor.start(folder, RealTor.ON_LOOPBACK);
                TorControl control = TorControl.open(at(tor), recorder)) {
            ControlException failure = failure(ControlSettings.at(control.socksListeners().get(0)));
            assertEquals(Kind.NOT_CONTROL, failure.kind());
        }
    }

    @Test
    void shouldComeBackToTheSameTor() throws Exception {
        try (RealTor tor = RealTor.start(folder, "CookieAuthentication 1");
                TorControl control = TorControl.open(at(tor), recorder)) {
            control.send("QUIT");
            Await.until(() -> recorder.all.contains("connected true"));
            assertEquals(1, recorder.count("lost "));
            assertEquals(tor.pid(), Long.parseLong(control.getInfo("process/pid")));
            control.signal("RELOAD");
            Await.until(() -> recorder.all.contains("signal RELOAD"));
        }
    }

    @Test
    void shouldComeBackWhenTorDoes() throws Exception {
        try (RealTor tor = RealTor.start(folder, "CookieAuthentication 1");
                TorControl control = TorControl.open(at(tor), recorder)) {
            tor.kill();
            Await.until(() -> recorder.count("lost ") == 1);
            Await.until(() -> control.counters().failedAttempts() >= 2);
            assertEquals(Kind.LOST, assertThrows(ControlException.class, () -> control.getInfo("version")).kind());
            tor.startAgain();
            Await.until(() -> recorder.count("connected ") == 2);
            assertEquals(2, recorder.count("connected false"));
            assertEquals(tor.pid(), control.identity().pid());
            assertEquals(tor.pid(), Long.parseLong(control.getInfo("process/pid")));
        }
    }

    @Test
    void shouldEndATorThatItOwns() throws Exception {
        try (RealTor tor = RealTor.start(folder)) {
            try (TorControl control = TorControl.open(at(tor), recorder)) {
                control.takeOwnership();
            }
            Await.until(() -> !tor.alive());
        }
    }

    @Test
    void shouldSeeTheSourceOfAStreamAndSteerIt() throws Exception {
        try (RealTor tor = RealTor.start(folder, RealTor.ON_LOOPBACK);
                TorControl control = TorControl.open(at(tor), recorder)) {
            control.setConf("__LeaveStreamsUnattached", "1");
            InetSocketAddress socks = (InetSocketAddress) control.socksListeners().get(0);
            try (Socket client = new Socket(socks.getAddress(), socks.getPort())) {
                request(client, "a b\"", "\\ SOURCE_ADDR=9.9.9.9:9");
                StreamEvent waiting = Await.value(Await.SECONDS, () -> recorder.streams.stream()
                        .filter(event -> event.status() == StreamEvent.Status.CONTROLLER_WAIT)
                        .findFirst().orElse(null));
                StreamEvent fresh = newStream();
                assertEquals(new InetSocketAddress("127.0.0.1", client.getLocalPort()), fresh.source());
                assertEquals(fresh.streamId(), waiting.streamId());
                assertEquals(0, waiting.circuitId());
                assertTrue(control.streams().stream().anyMatch(event -> event.streamId() == fresh.streamId()
                        && event.status() == StreamEvent.Status.NEW && event.circuitId() == 0));
                assertEquals(250, control.command("ATTACHSTREAM " + fresh.streamId() + " 0").code());
            }
            Await.until(() -> recorder.streams.stream().anyMatch(event -> event.streamId() == newStream().streamId()
                    && event.status() == StreamEvent.Status.CLOSED));
            assertEquals(0, control.counters().eventsUnusable());
            assertFalse(recorder.all.toString().contains("example"));
        }
    }

    @Test
    void shouldHaveNoSourceForAClientOnAUnixSocket() throws Exception {
        Path path = folder.resolve("socks socket");
        List<String> lines = new ArrayList<>(List.of(RealTor.ON_LOOPBACK));
        lines.add("SocksPort unix:\"" + path + '"');
        try (RealTor tor = RealTor.start(folder, lines.toArray(String[]::new));
                TorControl control = TorControl.open(at(tor), recorder)) {
            assertTrue(control.socksListeners().contains(UnixDomainSocketAddress.of(path)),
                    control.socksListeners().toString());
            control.setConf("__LeaveStreamsUnattached", "1");
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                client.write(ByteBuffer.wrap(requestBytes("u", "p")));
                assertNull(newStream().source());
            }
        }
    }

    @Test
    void shouldSeeTheSourceOfAStreamOverIpv6() throws Exception {
        assumeTrue(InetAddress.getByName("::1").isReachable(1000), "needs IPv6 on loopback");
        List<String> lines = new ArrayList<>(List.of(RealTor.ON_LOOPBACK));
        lines.add("SocksPort [::1]:auto");
        try (RealTor tor = RealTor.start(folder, lines.toArray(String[]::new));
                TorControl control = TorControl.open(at(tor), recorder)) {
            control.setConf("__LeaveStreamsUnattached", "1");
            InetSocketAddress socks = control.socksListeners().stream().map(InetSocketAddress.class::cast)
                    .filter(address -> address.getAddress() instanceof Inet6Address).findFirst().orElseThrow();
            try (Socket client = new Socket(socks.getAddress(), socks.getPort())) {
                request(client, "", "");
                assertEquals(new InetSocketAddress("::1", client.getLocalPort()), newStream().source());
            }
        }
    }

    @Test
    void shouldCarryThousandsOfCommandsASecond() throws Exception {
        try (RealTor tor = RealTor.start(folder); TorControl control = TorControl.open(at(tor), recorder)) {
            int count = 20_000;
            long begin = System.nanoTime();
            List<CompletableFuture<ControlReply>> replies = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                replies.add(control.send("ATTACHSTREAM " + i + " 0"));
            }
            for (CompletableFuture<ControlReply> reply : replies) {
                assertEquals(552, reply.get(Await.SECONDS, TimeUnit.SECONDS).code());
            }
            double pipelined = count * 1e9 / (System.nanoTime() - begin);
            begin = System.nanoTime();
            for (int i = 1; i <= count / 10; i++) {
                control.command("ATTACHSTREAM " + i + " 0");
            }
            double oneByOne = count / 10 * 1e9 / (System.nanoTime() - begin);
            System.out.printf("control commands a second: %.0f pipelined, %.0f one by one%n", pipelined, oneByOne);
            assertTrue(pipelined > 2000, pipelined + " commands a second");
        }
    }

    /** The NEW event of the first stream that is not Tor's own. */
    private StreamEvent newStream() {
        return Await.value(Await.SECONDS, () -> recorder.streams.stream()
                .filter(event -> event.status() == StreamEvent.Status.NEW && "USER".equals(event.purpose()))
                .findFirst().orElse(null));
    }

    private ControlException failure(ControlSettings settings) {
        return assertThrows(ControlException.class, () -> TorControl.open(settings, recorder).close());
    }

    private static void request(Socket client, String user, String password) throws IOException {
        client.getOutputStream().write(requestBytes(user, password));
        client.getOutputStream().flush();
    }

    /** Greeting, login and request for example.com:80 in one, which Tor takes. */
    private static byte[] requestBytes(String user, String password) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {5, 1, 2, 1});
        field(out, user);
        field(out, password);
        out.write(new byte[] {5, 1, 0, 3});
        field(out, "example.com");
        out.write(new byte[] {0, 80});
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        out.write(bytes.length);
        out.write(bytes, 0, bytes.length);
    }

    private static String hashed(String password) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("tor", "--quiet", "--hash-password", password).start();
        String lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        process.waitFor();
        return lines.lines().filter(line -> line.startsWith("16:")).findFirst().orElseThrow();
    }
}
