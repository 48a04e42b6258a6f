package org.qtop.proxy.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.ControlSettings;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.privatenet.TorListener;
import org.qtop.proxy.privatenet.TorLogLine;
import org.qtop.proxy.privatenet.TorProcess;
import org.qtop.proxy.privatenet.TorStartException;

/** Finds the Tor that a run goes through: one that is there, one that qtop starts, or a private network. */
final class TorChooser {

    private static final int PROBE_MILLIS = 2_000;
    private static final Duration LISTEN_LIMIT = Duration.ofSeconds(30);
    private static final Duration BOOTSTRAP_LIMIT = Duration.ofHours(1);

    private final Settings settings;
    private final ControlObserver observer;
    private final Console console;

    TorChooser(Settings settings, ControlObserver observer, Console console) {
        this.settings = settings;
        this.observer = observer;
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
        try {
            if (settings.network() == Settings.Network.PRIVATE) {
                return privateNetwork();
            }
            try {
                return existing();
            } catch (Failure e) {
                if (settings.torGiven()) {
                    throw e;
                }
                console.line("No Tor to use at the usual ports (" + e.getMessage() + ")");
                return own();
            }
        } catch (TorStartException e) {
            throw Failure.of(e);
        }
    }

    private TorAccess existing() throws Failure {
        if (settings.torControl().isEmpty()) {
            probe(settings.torSocks());
            return new TorAccess(Values.text(settings.torSocks()), settings::torSocks, Optional.empty(),
                    Optional.empty(), TorAccess.NOT_OURS);
        }
        ControlSettings login = ControlSettings.at(settings.torControl().get());
        login = settings.controlCookie().map(login::withCookieFile).orElse(login);
        login = settings.controlPasswordFile().map(login::withPasswordFile).orElse(login);
        TorControl control = open(login);
        try {
            InetSocketAddress socks = socksOf(control);
            probe(socks);
            return new TorAccess(Values.text(socks) + ", control port " + login.addressText(), () -> socks,
                    Optional.of(control), Optional.of(control.identity()), TorAccess.NOT_OURS);
        } catch (Failure e) {
            control.close();
            throw e;
        }
    }

    /** Tor's own word for its SOCKS port, unless somebody gave one. */
    private InetSocketAddress socksOf(TorControl control) {
        if (!settings.given().contains(Setting.TOR_SOCKS)) {
            try {
                for (SocketAddress address : control.socksListeners()) {
                    if (address instanceof InetSocketAddress inet && !inet.isUnresolved()) {
                        return inet;
                    }
                }
            } catch (ControlException e) {
                console.line("Tor does not tell its SOCKS port (" + e.getMessage() + "); trying "
                        + Values.text(settings.torSocks()));
            }
        }
        return settings.torSocks();
    }

    private TorControl open(ControlSettings login) throws Failure {
        try {
            return TorControl.open(login, observer);
        } catch (ControlException e) {
            throw Failure.of(e);
        }
    }

    private static void probe(InetSocketAddress socks) throws Failure {
        try (Socket socket = new Socket()) {
            socket.connect(socks, PROBE_MILLIS);
        } catch (IOException e) {
            throw new Failure(ExitCode.TOR_UNREACHABLE, "--tor-socks " + Values.text(socks) + ": nothing answers ("
                    + e.getMessage() + "); start Tor, or give the address of its SOCKS port");
        }
    }

    private TorAccess own() throws Failure, TorStartException, InterruptedException {
        console.line("Starting a Tor of our own in " + settings.dataDir().resolve("tor"));
        TorProcess tor = TorProcess.ownClient(settings.dataDir().resolve("tor")).name("own")
                .listener(new TorListener() {
                    @Override
                    public void bootstrap(TorLogLine.Bootstrap progress) {
                        console.progress("Tor " + progress.percent() + "%: " + progress.summary());
                    }
                }).start();
        try {
            tor.awaitListening(LISTEN_LIMIT);
            TorControl control = open(ControlSettings.at(tor.control().orElseThrow()).withCookieFile(tor.cookieFile()));
            takeOwnership(control);
            tor.awaitBootstrap(BOOTSTRAP_LIMIT);
            InetSocketAddress socks = tor.socks().orElseThrow();
            return new TorAccess("our own at " + Values.text(socks), () -> socks, Optional.of(control),
                    Optional.of(control.identity()), tor);
        } catch (Failure | TorStartException | InterruptedException e) {
            tor.close();
            throw e;
        }
    }

    /** Without it Tor still ends with us, but up to 15 s later. */
    private void takeOwnership(TorControl control) {
        try {
            control.takeOwnership();
        } catch (ControlException e) {
            console.line("Tor does not take us for its owner (" + e.getMessage() + ")");
        }
    }

    private TorAccess privateNetwork() throws Failure, TorStartException, InterruptedException {
        console.line("Starting a private Tor network on loopback");
        PrivateNetwork network = startNetwork();
        try {
            ControlSettings login = ControlSettings.at(network.control()).withCookieFile(network.cookieFile());
            TorControl control = open(login);
            return new TorAccess("a private network's client at " + Values.text(network.socks()) + ", control port "
                    + login.addressText(), network::socks, Optional.of(control), Optional.of(control.identity()),
                    network);
        } catch (Failure e) {
            network.close();
            throw e;
        }
    }

    private PrivateNetwork startNetwork() throws Failure, TorStartException, InterruptedException {
        try {
            // Not closed by a hook of its own, which would cut the streams that a stop lets finish.
            PrivateNetwork network = PrivateNetwork.create(PrivateNetwork.Settings.defaults().withCloseAtExit(false));
            network.boot((step, percent, detail) -> console.progress("private network: " + detail));
            return network;
        } catch (TorStartException e) {
            throw e;
        } catch (IOException e) {
            throw new Failure(ExitCode.TOR_START, "the private network cannot be set up: " + e.getMessage());
        }
    }
}
