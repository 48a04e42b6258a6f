package org.qtop.proxy.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qtop.proxy.cli.PrivateNetworkExtension;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** A wrong clock beside the consensus of a real Tor. */
@ExtendWith(PrivateNetworkExtension.class)
class ClockIT {

    @ParameterizedTest
    @CsvSource({"0, ok, agrees", "-90, failed, outside the time", "2880, failed, outside the time"})
    void shouldTellAClockThatIsWrong(long minutes, String verdict, String text, PrivateNetwork network)
            throws Exception {
        Settings settings = Settings.of(Map.of(Setting.TOR_SOCKS, Values.text(network.socks()),
                Setting.TOR_CONTROL, Values.text(network.control()), Setting.CONTROL_COOKIE,
                network.cookieFile().toString(), Setting.LISTEN, "127.0.0.1:0", Setting.STATUS_LISTEN, "none"),
                Map.of());
        Finding clock = new Doctor(settings, Optional.empty(), Clock.offset(Clock.systemUTC(),
                Duration.ofMinutes(minutes))).examine(finding -> { }).stream()
                .filter(finding -> finding.check().equals(ControlChecks.CLOCK)).findFirst().orElseThrow();
        assertEquals(verdict, clock.verdict().word(), clock.toString());
        assertTrue(clock.text().contains(text), clock.toString());
        assertEquals(verdict.equals("ok"), clock.cure().isEmpty(), clock.toString());
    }
}
