package org.qtop.proxy.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.control.ControlException.Kind;
import org.qtop.proxy.stream.StreamEvent;

/** Against a real Tor, off the network: once per way of logging in, what fails, and what comes back. */
@Timeout(120)
class TorControlIT {

    /** {@code tor --hash-password 'a "strange\ password'}. */
    private static final String PASSWORD = "a \"strange\\ password";

    @TempDir
    Path folder;

    private final Recorder recorder = new Recorder();

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
}
