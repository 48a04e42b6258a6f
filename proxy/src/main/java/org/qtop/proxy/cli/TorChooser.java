package org.qtop.proxy.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.qtop.proxy.config.Listen;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.control.ControlSettings;
import org.qtop.proxy.control.SocksChoice;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.privatenet.TorListener;
import org.qtop.proxy.privatenet.TorLogLine;
import org.qtop.proxy.privatenet.TorProcess;
import org.qtop.proxy.privatenet.TorStartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the Tor that a run goes through: one that is there, one that qtop starts, or a private network. For
 * one run.
 */
final class TorChooser {

    private static final Logger LOG = LoggerFactory.getLogger(TorChooser.class);

    private static final int PROBE_MILLIS = 2_000;
    private static final Duration BOOTSTRAP_LIMIT = Duration.ofHours(1);

    private final Settings settings;
    private final TorWatch watch;
    private final Console console;
    /** What the Tor in question has cost so far; the last must be closed first. */
    private final Closer opened = new Closer();

    TorChooser(Settings settings, TorWatch watch, Console console) {
        this.settings = settings;
        this.watch = watch;
        this.console = console;
    }

    /**
     * Finds or starts a Tor that is ready to carry streams.
     *
     * @return the Tor, to be closed
     * @throws Failure if there is none; one line says why and what to do
     * @throws InterruptedException if this thread is interrupted; nothing is left behind
     */
    TorAccess choose() throws Failure, InterruptedException {
        boolean chosen = false;
        try {
            TorAccess access = settings.network() == Settings.Network.PRIVATE ? privateNetwork() : publicNetwork();
            chosen = true;
            return access;
        } catch (TorStartException e) {
            throw Failure.of(e);
        } finally {
            if (!chosen) {
                opened.close();
            }
        }
    }

    private TorAccess publicNetwork() throws Failure, TorStartException, InterruptedException {
        try {
            return existing();
        } catch (Failure e) {
            if (settings.torGiven()) {
                throw e;
            }
            opened.close();
            console.line("No Tor to use at the usual ports (" + e.getMessage() + ")");
            return own();
        }
    }

    private TorAccess existing() throws Failure {
        if (settings.torControl().isEmpty()) {
            probe(settings.torSocks());
            return new TorAccess(Values.text(settings.torSocks()), settings::torSocks, Optional.empty(),
                    Optional.empty(), opened);
        }
        ControlSettings login = login(settings, settings.torControl().get());
        TorControl control = opened.add(open(login));
        SocketAddress socks = socksOf(control);
        probe(socks);
        return access(Values.text(socks) + ", control port " + login.addressText(), () -> socks, control);
    }

    private TorAccess access(String what, Supplier<SocketAddress> socks, TorControl control) {
        return new TorAccess(what, socks, Optional.of(control), Optional.of(control.identity()), opened);
    }

    /** How to log in at a control port. */
    static ControlSettings login(Settings settings, SocketAddress address) {
        ControlSettings login = ControlSettings.at(address);
        login = settings.controlCookie().map(login::withCookieFile).orElse(login);
        return settings.controlPasswordFile().map(login::withPasswordFile).orElse(login);
    }

    /** Tor's own word for its SOCKS port, unless somebody gave one. */
    private SocketAddress socksOf(TorControl control) {
        if (!settings.given().contains(Setting.TOR_SOCKS)) {
            try {
                return SocksChoice.among(control.socksListeners(), settings.torSocks());
            } catch (ControlException e) {
                console.line("Tor does not tell its SOCKS port (" + e.getMessage() + "); trying "
                        + Values.text(settings.torSocks()));
            }
        }
        return settings.torSocks();
    }

    private TorControl open(ControlSettings login) throws Failure {
        try {
            return TorControl.open(login, watch);
        } catch (ControlException e) {
            Failure failure = Failure.of(e);
            throw e.kind() == ControlException.Kind.REFUSED ? failure.or("go on without it: --tor-control none")
                    : failure;
        }
    }

    private void probe(SocketAddress socks) throws Failure {
        probe("--tor-socks ", socks);
        for (Listen listen : settings.listen()) {
            if (listen.tor().isPresent()) {
                probe("--listen " + Values.text(listen.address()) + "=", listen.tor().get());
            }
        }
    }

    private static void probe(String option, SocketAddress socks) throws Failure {
        try {
            if (socks instanceof UnixDomainSocketAddress) {
                SocketChannel.open(socks).close();
                return;
            }
            try (Socket socket = new Socket()) {
                socket.connect(socks, PROBE_MILLIS);
            }
        } catch (IOException e) {
            throw new Failure(ExitCode.TOR_UNREACHABLE, option + Values.text(socks) + ": nothing answers ("
                    + e.getMessage() + "); start Tor, or give the address of its SOCKS port");
        }
    }

    private TorAccess own() throws Failure, TorStartException, InterruptedException {
        Path folder = settings.dataDir().resolve("tor");
        console.line("Starting a Tor of our own in " + folder);
        OwnTor tor = opened.add(OwnTor.start(folder, new BootstrapLines(console)));
        TorProcess process = tor.process();
        TorControl control = opened.add(open(ControlSettings.at(process.control().orElseThrow())
                .withCookieFile(process.cookieFile())));
        takeOwnership(control);
        watch.whenBack(() -> takeOwnership(control));
        process.awaitBootstrap(BOOTSTRAP_LIMIT);
        tor.keep();
        opened.add(tor::letGo);
        InetSocketAddress socks = process.socks().orElseThrow();
        return access("our own at " + Values.text(socks), () -> socks, control);
    }

    /** Shows how far a Tor has come, and what keeps it from coming further. */
    private record BootstrapLines(Console console) implements TorListener {

        @Override
        public void bootstrap(TorLogLine.Bootstrap progress) {
            console.progress("Tor " + progress.percent() + "%: " + progress.summary());
        }

        @Override
        public void line(TorLogLine line) {
            if (line.problem() && line.text().startsWith("Problem bootstrapping")) {
                console.line("  Tor: " + line.text());
            }
        }
    }

    /** Without it Tor still ends with us, but up to 15 s later. */
    private void takeOwnership(TorControl control) {
        try {
            control.takeOwnership();
        } catch (ControlException e) {
            LOG.warn("Tor does not take us for its owner ({})", e.getMessage());
        }
    }

    private TorAccess privateNetwork() throws Failure, TorStartException, InterruptedException {
        console.line("Starting a private Tor network on loopback");
        PrivateNetwork network = startNetwork();
        ControlSettings login = ControlSettings.at(network.control()).withCookieFile(network.cookieFile());
        TorControl control = opened.add(open(login));
        return access("a private network's client at " + Values.text(network.socks()) + ", control port "
                + login.addressText(), network::socks, control);
    }

    private PrivateNetwork startNetwork() throws Failure, TorStartException, InterruptedException {
        try {
            // Not closed by a hook of its own, which would cut the streams that a stop lets finish.
            PrivateNetwork network = opened.add(PrivateNetwork.create(
                    PrivateNetwork.Settings.defaults().withCloseAtExit(false)));
            network.boot((step, percent, detail) -> console.progress("private network: " + detail));
            return network;
        } catch (TorStartException e) {
            throw e;
        } catch (IOException e) {
            throw new Failure(ExitCode.TOR_START, "the private network cannot be set up: " + e.getMessage());
        }
    }
}
