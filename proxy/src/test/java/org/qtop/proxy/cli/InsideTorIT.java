package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.doctor.Doctor;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.status.StatusClient;

/** What is said of a proxy that holds streams inside Tor. */
@ExtendWith(PrivateNetworkExtension.class)
class InsideTorIT {

    private static final String TIMER = "qtop-intercept-timer";

    private static Settings settings(PrivateNetwork network, String status) throws SettingException {
        return Settings.of(Map.of(Setting.TOR_SOCKS, Values.text(network.socks()),
                Setting.TOR_CONTROL, Values.text(network.control()),
                Setting.CONTROL_COOKIE, network.cookieFile().toString(), Setting.LISTEN, "127.0.0.1:0",
                Setting.STATUS_LISTEN, status, Setting.HOLD_AT, "attach"), Map.of());
    }

    private static Thread timer() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals(TIMER)).findFirst()
                .orElseThrow();
    }

    /** A thread that a fault keeps from running looks like this one to everybody else. */
    @Test
    @SuppressWarnings("removal")
    void shouldNotCallItselfAliveOnceTheTimerOfItsHoldsStandsStill(PrivateNetwork network) throws Exception {
        try (Qtop qtop = Qtop.start(settings(network, "127.0.0.1:0"), Console.standardError())) {
            SocketAddress status = qtop.statusAddress().orElseThrow();
            assertTrue(qtop.alive());
            assertEquals("alive\n", StatusClient.get(status, "/healthz"));
            Thread timer = timer();
            timer.suspend();
            try {
                Waiting.until(Waiting.LONG, "the silence is noticed", () -> !qtop.alive());
                assertThrows(IOException.class, () -> StatusClient.get(status, "/healthz"));
            } finally {
                timer.resume();
            }
            Waiting.until(Waiting.LONG, "it turns again", qtop::alive);
        }
    }

    /** The cure for a dead one would let go what this one holds. */
    @Test
    void shouldNotBeTakenForDeadByTheDoctor(PrivateNetwork network) throws Exception {
        try (Qtop qtop = Qtop.start(settings(network, "127.0.0.1:0"), Console.standardError())) {
            SocketAddress status = qtop.statusAddress().orElseThrow();
            assertEquals("attach", new ObjectMapper().readTree(StatusClient.get(status, "/api/status"))
                    .path("settings").path("holdAt").asText());
            assertEquals("ok The qtop that tells its status at " + Values.text(status)
                    + " holds streams inside Tor, and attaches them.",
                    unattached(settings(network, Values.text(status))));
            String unasked = unattached(settings(network, "none"));
            assertTrue(unasked.startsWith("warning __LeaveStreamsUnattached is 1"), unasked);
        }
    }

    private static String unattached(Settings settings) {
        return new Doctor(settings).examine(finding -> { }).stream()
                .filter(finding -> finding.check().equals("leave-streams-unattached"))
                .map(finding -> finding.verdict().word() + " " + finding.text()).findFirst().orElseThrow();
    }
}
