package org.qtop.proxy.privatenet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.privatenet.TorLogLine.Severity;

/** Lines of the log of tor 0.4.9.11, taken apart. */
class TorLogLineTest {
    private static TorLogLine notice(String text) {
        return TorLogLine.parse("Nov 22 13:09:31.520 [notice] " + text);
    }

    @Test
    void shouldReadBootstrap() {
        assertEquals(Optional.of(new TorLogLine.Bootstrap(14, "handshake", "Handshaking with a relay")),
                notice("Bootstrapped 14% (handshake): Handshaking with a relay").bootstrap());
        assertEquals(Optional.of(new TorLogLine.Bootstrap(100, "", "Done")),
                notice("Bootstrapped 100%: Done").bootstrap());
    }

    @Test
    void shouldReadPorts() {
        assertEquals(Optional.of(new TorLogLine.Listener("Socks", new InetSocketAddress("127.0.0.1", 44441))),
                notice("Opened Socks listener connection (ready) on 127.0.0.1:44441").listener());
        assertEquals(Optional.of(new TorLogLine.Listener("Control", new InetSocketAddress("::1", 9051))),
                notice("Opened Control listener connection (ready) on [::1]:9051").listener());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Opened Socks listener connection (ready) on /run/tor/socks:0",
        "Opened Socks listener connection (ready) on 127.0.0.1:0",
        "Opened Socks listener connection (ready) on 127.0.0.1:65536",
        "Opened Socks listener connection (ready) on somewhere.example:80",
        "Socks listener listening on port 44441."})
    void shouldPassOverWhatIsNoTcpPort(String text) {
        assertEquals(Optional.empty(), notice(text).listener());
    }

    @Test
    void shouldReadTheVersion() {
        assertEquals(Optional.of("0.4.9.11"), notice("Tor 0.4.9.11 running on Linux with Libevent 2.1.12.").version());
        assertEquals(Optional.of("0.4.8.1-alpha-dev"),
                notice("Tor 0.4.8.1-alpha-dev (git-27d4ba90f6) running on Linux with").version());
        assertEquals(Optional.empty(), notice("Tor can't help you if you use it wrong!").version());
    }

    @Test
    void shouldTellProblems() {
        assertTrue(TorLogLine.parse("Nov 22 13:09:39.547 [err] Reading config failed").problem());
        assertTrue(TorLogLine.parse("Nov  2 13:09:39.547 [warn] x".replace("  ", " 0")).problem());
        assertFalse(notice("x").problem());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tor: error while loading shared libraries", "Nov 22 13:09:31.520 [odd] x"})
    void shouldKeepOtherLinesWhole(String line) {
        assertEquals(new TorLogLine(Severity.OTHER, line), TorLogLine.parse(line));
    }
}
