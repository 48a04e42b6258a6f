package org.qtop.proxy.cli;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Clock;
import java.util.Optional;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.control.TorIdentity;
import org.qtop.proxy.status.StatusServer;
import org.qtop.proxy.status.Subject;
import org.qtop.proxy.status.TorState;

/** Brings the status server up, and tells it of Tor. Stateless. */
final class StatusRoom {

    private StatusRoom() {
    }

    /**
     * Starts the status server where the settings want it.
     *
     * @return the server; empty if none is wanted, or if the usual port is taken and nobody asked for it
     * @throws Failure if an address that somebody gave cannot be listened on
     */
    static Optional<StatusServer> start(Settings settings, Subject subject, Console console) throws Failure {
        if (settings.statusListen().isEmpty()) {
            return Optional.empty();
        }
        SocketAddress address = settings.statusListen().get();
        try {
            return Optional.of(StatusServer.listen(address, subject));
        } catch (IOException e) {
            String line = "--" + Setting.STATUS_LISTEN.key() + " " + Values.text(address)
                    + (String.valueOf(e.getMessage()).contains("in use") ? ": another program has this address"
                    : ": cannot be listened on (" + e.getMessage() + ")");
            if (settings.given().contains(Setting.STATUS_LISTEN)) {
                throw new Failure(ExitCode.LISTEN, line + "; give another address, or none");
            }
            console.line(line + "; going on without page and metrics");
            return Optional.empty();
        }
    }

    /** What is to be said of Tor at this moment. */
    static TorState torState(TorAccess tor, TorWatch watch) {
        Optional<TorIdentity> identity = tor.control().map(TorControl::identity).or(tor::identity);
        String version = identity.map(TorIdentity::version).orElse("");
        String login = identity.map(known -> known.login().toString()).orElse("");
        TorState.Control control = tor.control().isEmpty() ? TorState.Control.NONE
                : watch.present() ? TorState.Control.CONNECTED : TorState.Control.LOST;
        return new TorState(tor.what(), version, login, control,
                tor.control().flatMap(TorControl::trouble).orElse(""), watch.bootstrapPercent());
    }

    /** The clock of the status. */
    static Clock clock() {
        return Clock.systemUTC();
    }
}
