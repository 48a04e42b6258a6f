package org.qtop.proxy.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.control.ControlException.Kind;

/** Logging in on a stand-in: what is chosen, what is sent, and how each failure is told. */
@Timeout(60)
class LoginTest {

    private static final String HEX = "0123456789ABCDEF".repeat(4);

    @TempDir
    Path folder;

    private final StandInControl server = new StandInControl();
    private final ManualTimer timer = new ManualTimer(Long.MAX_VALUE - 5);

    @AfterEach
    void shouldLeaveNeitherConnectionNorThread() {
        Await.untilNoThread();
        Await.until(() -> server.connectionsOpen() == 0);
        server.close();
    }

    private ControlSettings settings() {
        return ControlSettings.at(server.address()).withLimits(Duration.ofSeconds(50), Duration.ofSeconds(50));
    }

    private TorControl open(ControlSettings settings) throws ControlException {
        return TorControl.open(settings, new ControlObserver() { }, timer, () -> 0);
    }

    private ControlException failure(ControlSettings settings) {
        ControlException failure = assertThrows(ControlException.class, () -> open(settings).close());
        assertFalse(failure.getMessage().contains("\n"), failure.getMessage());
        return failure;
    }

    private void offer(String methods, Path cookie) {
        server.answer("PROTOCOLINFO", "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=" + methods
                + (cookie == null ? "" : " COOKIEFILE=\"" + cookie + '"')
                + "\r\n250-VERSION Tor=\"0.4.9.11\"\r\n250 OK\r\n");
    }

    private String authentication() {
        return server.commands.stream().filter(line -> line.startsWith("AUTHENTICATE")).findFirst().orElseThrow();
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void shouldLogInWithNothing() throws Exception {
        try (TorControl control = open(settings())) {
            assertEquals(LoginMethod.NULL, control.identity().login());
            assertEquals("AUTHENTICATE", authentication());
            assertEquals("0.4.9.11", control.identity().version());
            assertEquals(4711, control.identity().pid());
        }
    }

    @Test
    void shouldPreferAGivenPasswordAndSendItsBytes() throws Exception {
        byte[] password = {(byte) 0xFF, '"', '\\', ' ', '\n', 'x', '\r', '\n'};
        offer("NULL,COOKIE,SAFECOOKIE,HASHEDPASSWORD", null);
        try (TorControl control = open(settings().withPasswordFile(file("password", password)))) {
            assertEquals(LoginMethod.HASHEDPASSWORD, control.identity().login());
            assertEquals("AUTHENTICATE FF225C200A78", authentication());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void shouldSendAnEmptyPasswordAsNone(String content) throws Exception {
        offer("HASHEDPASSWORD", null);
        Path file = file("p", content.getBytes(StandardCharsets.US_ASCII));
        try (TorControl control = open(settings().withPasswordFile(file))) {
            assertTrue(control.connected());
            assertEquals("AUTHENTICATE", authentication());
        }
    }

    @Test
    void shouldGoWithoutThePasswordWhereTorWantsNone() throws Exception {
        try (TorControl control = open(settings().withPasswordFile(folder.resolve("missing")))) {
            assertEquals(LoginMethod.NULL, control.identity().login());
        }
    }

    @Test
    void shouldSendThePlainCookieWhereNothingBetterIsOffered() throws Exception {
        offer("COOKIE,HASHEDPASSWORD,FUTURE", folder.resolve("elsewhere"));
        Path cookie = file("cookie", HexFormat.of().parseHex(HEX));
        try (TorControl control = open(settings().withCookieFile(cookie))) {
            assertEquals(LoginMethod.COOKIE, control.identity().login());
            assertEquals("AUTHENTICATE " + HEX, authentication());
        }
    }

    @Test
    void shouldNotAnswerAServerThatDoesNotKnowTheCookie() throws Exception {
        offer("COOKIE,SAFECOOKIE", file("cookie", HexFormat.of().parseHex(HEX)));
        for (String answer : new String[] {"SERVERHASH=" + HEX + " SERVERNONCE=" + HEX, "SERVERHASH=" + HEX,
                "SERVERHASH=12 SERVERNONCE=xy", "", "SERVERHASH=\"\" SERVERNONCE=\"\""}) {
            server.answer("AUTHCHALLENGE", "250 AUTHCHALLENGE " + answer + "\r\n");
            ControlException failure = failure(settings());
            assertEquals(Kind.LOGIN_REFUSED, failure.kind(), failure.getMessage());
            assertTrue(failure.getMessage().contains("--control-cookie"), failure.getMessage());
        }
        assertTrue(server.commands.stream().noneMatch(line -> line.startsWith("AUTHENTICATE")));
    }

    @Test
    void shouldNameAMissingCookieAndTheCure() {
        offer("COOKIE,SAFECOOKIE", folder.resolve("no-cookie"));
        ControlException failure = failure(settings());
        assertEquals(Kind.COOKIE_UNREADABLE, failure.kind());
        assertTrue(failure.getMessage().contains(folder.resolve("no-cookie") + " (no such file)"),
                failure.getMessage());
        assertTrue(failure.getMessage().contains("--control-cookie"), failure.getMessage());
    }

    /** A file that this user may not read: root may read any, so the refusal is handed in. */
    @Test
    void shouldSayHowToBeLetAtAnUnreadableCookie() throws Exception {
        Path cookie = file("cookie", new byte[SafeCookie.BYTES]);
        AccessDeniedException refusal = new AccessDeniedException(cookie.toString());
        assertEquals("permission denied", LoginSecrets.reason(refusal));
        String cure = LoginSecrets.cureFor(cookie, refusal);
        assertTrue(cure.contains("adduser") && cure.contains("--control-password-file"), cure);
    }

    @Test
    void shouldSendNoFileThatIsNoCookie() throws Exception {
        for (int length : new int[] {0, 31, 33, 5000}) {
            offer("COOKIE", file("file" + length, new byte[length]));
            assertEquals(Kind.COOKIE_UNREADABLE, failure(settings()).kind());
        }
        offer("COOKIE", folder);
        assertEquals(Kind.COOKIE_UNREADABLE, failure(settings()).kind());
        offer("COOKIE", Path.of("/dev/zero"));
        assertEquals(Kind.COOKIE_UNREADABLE, failure(settings()).kind());
        offer("COOKIE", null);
        assertEquals(Kind.COOKIE_UNREADABLE, failure(settings()).kind());
        assertTrue(server.commands.stream().noneMatch(line -> line.startsWith("AUTHENTICATE")));
    }

    @Test
    void shouldSayThatAPasswordIsMissing() {
        offer("HASHEDPASSWORD", null);
        ControlException none = failure(settings());
        assertEquals(Kind.PASSWORD_MISSING, none.kind());
        assertTrue(none.getMessage().contains("--control-password-file"), none.getMessage());
        ControlException unreadable = failure(settings().withPasswordFile(folder.resolve("gone")));
        assertEquals(Kind.PASSWORD_MISSING, unreadable.kind());
        assertTrue(unreadable.getMessage().contains(folder.resolve("gone").toString()), unreadable.getMessage());
    }

    @Test
    void shouldSayThatAPasswordIsWrongWithoutShowingIt() throws Exception {
        offer("HASHEDPASSWORD", null);
        server.answer("AUTHENTICATE", "515 Authentication failed: Password did not match\r\n" + StandInControl.CLOSE);
        Path file = file("p", "open sesame".getBytes(StandardCharsets.US_ASCII));
        ControlException failure = failure(settings().withPasswordFile(file));
        assertEquals(Kind.PASSWORD_WRONG, failure.kind());
        assertEquals(515, failure.code());
        assertTrue(failure.getMessage().contains(file.toString()), failure.getMessage());
        assertFalse((failure.getMessage() + settings().withPasswordFile(file)).contains("sesame"));
    }

    @Test
    void shouldRefuseAHugePasswordFile() throws Exception {
        offer("HASHEDPASSWORD", null);
        Path big = file("big", new byte[LoginSecrets.MAX_PASSWORD_BYTES + 1]);
        assertEquals(Kind.PASSWORD_MISSING, failure(settings().withPasswordFile(big)).kind());
    }

    @Test
    void shouldSayThatNoMethodIsKnown() {
        offer("FUTURE,OTHER", null);
        ControlException failure = failure(settings());
        assertEquals(Kind.NO_METHOD, failure.kind());
        assertTrue(failure.getMessage().contains("FUTURE, OTHER"), failure.getMessage());
        server.answer("PROTOCOLINFO", "250 OK\r\n");
        assertEquals(Kind.NO_METHOD, failure(settings()).kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0 501 Tor is not an HTTP Proxy\r\n\r\n<html>", "SSH-2.0-OpenSSH_9.2\r\n", "\r\n",
            "hello", "\u0005\u00FF"})
    void shouldTellAnotherProgramFromTor(String answer) {
        server.answer("PROTOCOLINFO", answer + StandInControl.CLOSE);
        ControlException failure = failure(settings());
        assertEquals(Kind.NOT_CONTROL, failure.kind(), failure.getMessage());
        assertTrue(failure.getMessage().contains("SocksPort"), failure.getMessage());
    }

    @Test
    void shouldTellAnotherProgramThatClosesAtOnce() {
        server.answer("PROTOCOLINFO", StandInControl.CLOSE);
        assertEquals(Kind.NOT_CONTROL, failure(settings()).kind());
    }

    @Test
    void shouldReportWhatAFilterRefuses() {
        server.answer("PROTOCOLINFO", "510 Command filtered\r\n");
        ControlException failure = failure(settings());
        assertEquals(Kind.LOGIN_REFUSED, failure.kind());
        assertEquals(510, failure.code());
        server.answer("PROTOCOLINFO", "250-AUTH METHODS=NULL\r\n250 OK\r\n");
        server.answer("SETEVENTS", "510 Command filtered\r\n");
        ControlException events = failure(settings());
        assertEquals(Kind.COMMAND_REFUSED, events.kind());
        assertEquals(510, events.code());
    }

    @Test
    void shouldLiveWithAFilterThatHidesTheProcess() throws Exception {
        server.answer("GETINFO", "510 Command filtered\r\n").answer("GETINFO process/pid", "510 Command filtered\r\n")
                .answer("GETINFO uptime", "250-uptime=soon\r\n250 OK\r\n")
                .answer("GETINFO status/bootstrap-phase", "510 Command filtered\r\n");
        try (TorControl control = open(settings())) {
            assertEquals(-1, control.identity().pid());
            assertEquals(-1, control.identity().uptimeSeconds());
        }
    }

    @Test
    void shouldReportALoginThatBreaks() {
        server.answer("AUTHENTICATE", StandInControl.CLOSE);
        assertEquals(Kind.LOST, failure(settings()).kind());
        server.answer("AUTHENTICATE", "250" + StandInControl.CLOSE);
        assertEquals(Kind.LOST, failure(settings()).kind());
        server.answer("AUTHENTICATE", "250 OK\r\n").answer("SETEVENTS", StandInControl.CLOSE);
        assertEquals(Kind.LOST, failure(settings()).kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROTOCOLINFO", "AUTHENTICATE", "GETINFO uptime", "SETEVENTS"})
    void shouldNotWaitForSilence(String command) throws Exception {
        server.answer("GETINFO status", "").answer("GETINFO status/bootstrap-phase", "").answer(command, "250-half");
        CompletableFuture<ControlException> failed = CompletableFuture.supplyAsync(() -> failure(settings()));
        Await.until(() -> server.commands.stream().anyMatch(line -> line.startsWith(command)));
        timer.advance(Duration.ofSeconds(49).toNanos());
        assertFalse(failed.isDone());
        timer.advance(Duration.ofSeconds(1).toNanos());
        ControlException failure = result(failed);
        assertEquals(Kind.TIMED_OUT, failure.kind(), failure.getMessage());
    }

    @Test
    void shouldSayThatNothingListens() throws Exception {
        InetSocketAddress free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            free = (InetSocketAddress) socket.getLocalSocketAddress();
        }
        ControlException failure = failure(ControlSettings.at(free));
        assertEquals(Kind.REFUSED, failure.kind());
        assertTrue(failure.getMessage().contains("127.0.0.1:" + free.getPort()), failure.getMessage());
        ControlException unix = failure(ControlSettings.at(UnixDomainSocketAddress.of(folder.resolve("none"))));
        assertEquals(Kind.REFUSED, unix.kind());
        assertTrue(unix.getMessage().startsWith("nothing listens"), unix.getMessage());
        ControlException name = failure(ControlSettings.at(InetSocketAddress.createUnresolved("no.such.invalid", 1)));
        assertEquals(Kind.REFUSED, name.kind());
    }

    private static ControlException result(CompletableFuture<ControlException> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(Await.SECONDS, TimeUnit.SECONDS);
    }
}
