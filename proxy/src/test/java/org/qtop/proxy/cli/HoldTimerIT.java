package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.status.StatusClient;

/** What a proxy that holds streams inside Tor says of itself when the timer of its holds stands still. */
@ExtendWith(PrivateNetworkExtension.class)
class HoldTimerIT {

    private static final String TIMER = "qtop-intercept-timer";

    private static Thread timer() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals(TIMER)).findFirst()
                .orElseThrow();
    }

    /** A thread that a fault keeps from running looks like this one to everybody else. */
    @Test
    @SuppressWarnings("removal")
    void shouldNotCallItselfAliveOnceTheTimerOfItsHoldsStandsStill(PrivateNetwork network) throws Exception {
        Settings settings = Settings.of(Map.of(Setting.TOR_SOCKS, Values.text(network.socks()),
                Setting.TOR_CONTROL, Values.text(network.control()),
                Setting.CONTROL_COOKIE, network.cookieFile().toString(), Setting.LISTEN, "127.0.0.1:0",
                Setting.STATUS_LISTEN, "127.0.0.1:0", Setting.HOLD_AT, "attach"), Map.of());
        try (Qtop qtop = Qtop.start(settings, Console.standardError())) {
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
}
