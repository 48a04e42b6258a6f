package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.qtop.proxy.privatenet.NetworkProgress.Step;
import org.qtop.proxy.privatenet.TorStartException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Tor network on 127.0.0.1: three directory authorities, some exits and a client. It reaches what listens on
 * loopback and nothing else.
 *
 * <p>Thread-safe. {@link #close} may be called at any time and from any thread, a shutdown hook included, also while
 * {@link #boot} is at work, which then fails with {@code STOPPED}.
 */
public final class PrivateNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateNetwork.class);
    /** A port picked as free can be taken before tor opens it. */
    private static final int ATTEMPTS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Settings settings;
    private final NetworkServers.Ports ports;
    private final Path folder;
    private final LoopbackDns dns;
    private final Thread atExit;
    /** Held while the network is being closed. */
    private final Object closing = new Object();

    // Guarded by closing.
    private boolean gone;

    // Guarded by this.
    private final List<TorProcess> processes = new ArrayList<>();
    private boolean closed;
    private boolean booted;
    private NetworkTorrc torrc;
    private NetworkClient client;
    private int extraClients;

    /**
     * What a network is made of. Immutable.
     *
     * @param exits number of exits, 1 to 50
     * @param clientLines torrc lines for the client, after ours
     * @param relayLines torrc lines for each exit, after ours
     * @param login how the client lets a controller in
     * @param parent the folder in which the network's own folder is made
     * @param limit how long the start may take
     * @param votingInterval time between two consensuses once the first is there, 10 s to 30 min, in whole seconds that
     *         divide a day
     * @param closeAtExit whether the network closes itself when the JVM ends; a caller whose own shutdown hook must
     *         come first says false, uses {@link PrivateNetwork#create} and closes it there
     * @param link what stands on the way to each relay
     */
    public record Settings(int exits, List<String> clientLines, List<String> relayLines, ControlLogin login,
            Path parent, Duration limit, Duration votingInterval, boolean closeAtExit, RelayLink link) {
        private static final int MOST_EXITS = 50;
        private static final long SECONDS_A_DAY = 86_400;

        /**
         * Checks the settings.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public Settings {
            clientLines = List.copyOf(clientLines);
            relayLines = List.copyOf(relayLines);
            Objects.requireNonNull(login, "login");
            Objects.requireNonNull(parent, "parent");
            Objects.requireNonNull(link, "link");
            if (exits < 1 || exits > MOST_EXITS) {
                throw new IllegalArgumentException("exits is " + exits + ", and must be 1 to " + MOST_EXITS);
            }
            if (limit.isNegative() || limit.isZero()) {
                throw new IllegalArgumentException("limit is " + limit + ", and must be more than 0");
            }
            long seconds = votingInterval.toSeconds();
            if (seconds < 10 || seconds > 1800 || SECONDS_A_DAY % seconds != 0) {
                throw new IllegalArgumentException("votingInterval is " + seconds
                        + " s, and must be 10 to 1800 s and divide a day");
            }
        }

        /**
         * Three exits, cookie login, the folder for temporary files, 90 s to start, a vote every 20 s, closed with the
         * JVM.
         *
         * @return the settings
         */
        public static Settings defaults() {
            return new Settings(3, List.of(), List.of(), ControlLogin.cookie(),
                    Path.of(System.getProperty("java.io.tmpdir")), Duration.ofSeconds(90), Duration.ofSeconds(20),
                    true, RelayLink.NONE);
        }

        /**
         * Changes the number of exits.
         *
         * @param value 1 to 50
         * @return the changed settings
         */
        public Settings withExits(int value) {
            return new Settings(value, clientLines, relayLines, login, parent, limit, votingInterval, closeAtExit,
                    link);
        }

        /**
         * Changes the extra lines of the client's torrc.
         *
         * @param value lines without line ends
         * @return the changed settings
         */
        public Settings withClientLines(List<String> value) {
            return new Settings(exits, value, relayLines, login, parent, limit, votingInterval, closeAtExit, link);
        }

        /**
         * Changes the extra lines of each exit's torrc.
         *
         * @param value lines without line ends
         * @return the changed settings
         */
        public Settings withRelayLines(List<String> value) {
            return new Settings(exits, clientLines, value, login, parent, limit, votingInterval, closeAtExit, link);
        }

        /**
         * Changes how the client lets a controller in.
         *
         * @param value the login
         * @return the changed settings
         */
        public Settings withLogin(ControlLogin value) {
            return new Settings(exits, clientLines, relayLines, value, parent, limit, votingInterval, closeAtExit,
                    link);
        }

        /**
         * Changes where the network's folder is made.
         *
         * @param value a folder; made if it is not there
         * @return the changed settings
         */
        public Settings withParent(Path value) {
            return new Settings(exits, clientLines, relayLines, login, value, limit, votingInterval, closeAtExit, link);
        }

        /**
         * Changes how long the start may take.
         *
         * @param value more than 0
         * @return the changed settings
         */
        public Settings withLimit(Duration value) {
            return new Settings(exits, clientLines, relayLines, login, parent, value, votingInterval, closeAtExit,
                    link);
        }

        /**
         * Changes the time between two consensuses.
         *
         * @param value 10 s to 30 min, in whole seconds that divide a day
         * @return the changed settings
         */
        public Settings withVotingInterval(Duration value) {
            return new Settings(exits, clientLines, relayLines, login, parent, limit, value, closeAtExit, link);
        }

        /**
         * Changes whether the network closes itself when the JVM ends.
         *
         * @param value whether it does
         * @return the changed settings
         */
        public Settings withCloseAtExit(boolean value) {
            return new Settings(exits, clientLines, relayLines, login, parent, limit, votingInterval, value, link);
        }

        /**
         * Changes what stands on the way to each relay.
         *
         * @param value the links
         * @return the changed settings
         */
        public Settings withLink(RelayLink value) {
            return new Settings(exits, clientLines, relayLines, login, parent, limit, votingInterval, closeAtExit,
                    value);
        }
    }

    private PrivateNetwork(Settings settings, NetworkServers.Ports ports) throws IOException {
        this.settings = settings;
        this.ports = ports;
        Folders.sweep(settings.parent());
        folder = Folders.makeForNetwork(settings.parent());
        atExit = new Thread(this::close, "qtop-net-exit");
        boolean made = false;
        try {
            dns = new LoopbackDns();
            made = true;
        } finally {
            if (!made) {
                Folders.delete(folder);
            }
        }
    }

    /**
     * Starts a network and waits until its client carries streams.
     *
     * @param settings what it is made of
     * @param progress hears how far it has come
     * @return the running network; the caller closes it
     * @throws TorStartException if a program is missing, a tor ends early or the network is not ready in time; nothing
     *         is left behind
     * @throws IOException if the network's folder cannot be used
     * @throws InterruptedException if this thread is interrupted; nothing is left behind
     */
    public static PrivateNetwork start(Settings settings, NetworkProgress progress)
            throws IOException, InterruptedException {
        PrivateNetwork network = create(settings);
        network.boot(progress);
        return network;
    }

    /**
     * Makes a network that does not run yet, so that the caller can see to its end before {@link #boot} starts it.
     *
     * @param settings what it is made of
     * @return the network; the caller closes it
     * @throws IOException if the network's folder cannot be made
     */
    public static PrivateNetwork create(Settings settings) throws IOException {
        return create(settings, FreePorts::pick);
    }

    static PrivateNetwork create(Settings settings, NetworkServers.Ports ports) throws IOException {
        PrivateNetwork network = new PrivateNetwork(settings, ports);
        if (settings.closeAtExit()) {
            try {
                Runtime.getRuntime().addShutdownHook(network.atExit);
            } catch (IllegalStateException theJvmIsEnding) {
                network.close();
                throw stopped();
            }
        }
        return network;
    }

    /**
     * Starts the network and waits until its client carries streams. To be called once.
     *
     * @param progress hears how far it has come
     * @throws TorStartException if a program is missing, a tor ends early, the network is not ready in time or is
     *         closed meanwhile; it is closed then
     * @throws IOException if the network's folder cannot be used; it is closed then
     * @throws InterruptedException if this thread is interrupted; it is closed then
     */
    public void boot(NetworkProgress progress) throws IOException, InterruptedException {
        synchronized (this) {
            if (booted) {
                throw new IllegalStateException("the network was booted before");
            }
            booted = true;
        }
        boolean ready = false;
        try {
            bootWithin(Deadline.in(settings.limit()), new OneAtATime(progress));
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    private void bootWithin(Deadline deadline, NetworkProgress progress) throws IOException, InterruptedException {
        progress.at(Step.CERTIFICATES, 0, "making the authorities' keys");
        List<AuthorityKeys> keys = AuthorityKeys.some(NetworkServers.AUTHORITIES, folder, deadline);
        List<String> login = settings.login().lines(folder, deadline);
        progress.at(Step.CERTIFICATES, 100, NetworkServers.AUTHORITIES + " authorities have keys");
        for (int attempt = 1;; attempt++) {
            try {
                NetworkServers servers = new NetworkServers(settings, folder, ports,
                        builder -> launch(builder, null), progress);
                NetworkTorrc lines = servers.start(keys, dns.port(), NetworkServers.lead(
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                        Runtime.getRuntime().availableProcessors()));
                synchronized (this) {
                    torrc = lines;
                }
                servers.awaitConsensus(lines, deadline);
                startClient(login, deadline, progress);
                return;
            } catch (TorStartException failure) {
                if (failure.reason() != Reason.PORT_TAKEN || attempt == ATTEMPTS) {
                    throw failure;
                }
                LOG.debug("A port was taken; starting the network again: {}", failure.getMessage());
                stopAll();
            }
        }
    }

    private void startClient(List<String> login, Deadline deadline, NetworkProgress progress)
            throws IOException, InterruptedException {
        TorListener listener = new TorListener() {
            @Override
            public void bootstrap(TorLogLine.Bootstrap news) {
                progress.at(Step.CLIENT, news.percent(), news.summary());
            }
        };
        NetworkClient started = newClient("client", login, settings.clientLines(), listener);
        synchronized (this) {
            client = started;
        }
        started.start(deadline.left());
    }

    private NetworkClient newClient(String name, List<String> login, List<String> extra, TorListener listener)
            throws IOException {
        List<Integer> picked = ports.pick(2);
        List<String> lines;
        synchronized (this) {
            lines = torrc.client(picked.get(0), picked.get(1), login, extra);
        }
        TorProcessBuilder builder = TorProcess.builder(folder.resolve(name)).name(name).listener(listener).lines(lines);
        return new NetworkClient(this, builder, picked.get(0), picked.get(1));
    }

    /** Starts a tor that {@link #close} will end, in place of one that has ended, or null. */
    TorProcess launch(TorProcessBuilder builder, TorProcess replaced) throws TorStartException, InterruptedException {
        synchronized (this) {
            if (closed) {
                throw stopped();
            }
            TorProcess process = builder.start();
            processes.remove(replaced);
            processes.add(process);
            return process;
        }
    }

    private static TorStartException stopped() {
        return new TorStartException(Reason.STOPPED, "the private network is closed");
    }

    /**
     * Adds a client with its own ports, guards and circuits, and waits until it carries streams.
     *
     * @param login how it lets a controller in
     * @param lines torrc lines, after ours
     * @param limit how long to wait
     * @return the client; it ends with the network if not before
     * @throws IOException if it cannot be started or is not ready in time; it is gone then
     * @throws InterruptedException if this thread is interrupted; it is gone then
     */
    public NetworkClient addClient(ControlLogin login, List<String> lines, Duration limit)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(limit);
        String name;
        synchronized (this) {
            if (torrc == null || closed) {
                throw stopped();
            }
            name = "extra" + extraClients++;
        }
        List<String> loginLines = login.lines(folder, deadline);
        for (int attempt = 1;; attempt++) {
            NetworkClient added = newClient(name, loginLines, lines, TorListener.NONE);
            boolean ready = false;
            try {
                added.start(deadline.left());
                ready = true;
                return added;
            } catch (TorStartException failure) {
                if (failure.reason() != Reason.PORT_TAKEN || attempt == ATTEMPTS) {
                    throw failure;
                }
            } finally {
                if (!ready) {
                    added.close();
                }
            }
        }
    }

    /**
     * Returns the network's client.
     *
     * @return the client
     * @throws IllegalStateException if the network is not booted
     */
    public synchronized NetworkClient client() {
        if (client == null) {
            throw new IllegalStateException("the network is not booted");
        }
        return client;
    }

    /**
     * Returns the client's SOCKS port.
     *
     * @return an address on 127.0.0.1, the same after a restart of the client
     */
    public InetSocketAddress socks() {
        return client().socks();
    }

    /**
     * Returns the client's control port.
     *
     * @return an address on 127.0.0.1, the same after a restart of the client
     */
    public InetSocketAddress control() {
        return client().control();
    }

    /**
     * Returns the client's control cookie.
     *
     * @return the file; absent for other logins than by cookie
     */
    public Path cookieFile() {
        return client().cookieFile();
    }

    /**
     * Returns the version of the tors.
     *
     * @return the version, such as {@code 0.4.9.11}
     */
    public String torVersion() {
        return client().process().version();
    }

    /** Ends the client with SIGTERM and returns when it is gone. */
    public void stopClient() {
        client().stop();
    }

    /** Ends the client with SIGKILL, as a crash would, and returns when it is gone. */
    public void killClient() {
        client().kill();
    }

    /**
     * Starts the client again on its ports and waits until it carries streams.
     *
     * @param limit how long to wait
     * @throws TorStartException if the network is closed, a port was taken meanwhile or the client is not ready in time
     * @throws InterruptedException if this thread is interrupted; the client goes on
     */
    public void startClient(Duration limit) throws TorStartException, InterruptedException {
        client().start(limit);
    }

    /**
     * Returns the network's own folder.
     *
     * @return the folder; gone once the network is closed
     */
    public Path folder() {
        return folder;
    }

    /**
     * Returns the tors that run, or ran until just now.
     *
     * @return authorities, exits, clients, in the order of their start
     */
    public synchronized List<TorProcess> started() {
        return List.copyOf(processes);
    }

    private void stopAll() {
        List<TorProcess> running = started();
        running.forEach(TorProcess::requestStop);
        Deadline deadline = Deadline.in(PATIENCE);
        running.forEach(process -> process.stop(deadline.left()));
    }

    /**
     * Ends everything the network started and deletes its folder; returns when that is done, also if another thread is
     * doing it. Harmless a second time; keeps an interrupt.
     */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        synchronized (closing) {
            if (gone) {
                return;
            }
            stopAll();
            dns.close();
            deleteFolder();
            gone = true;
        }
        if (Thread.currentThread() != atExit) {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException theJvmIsEnding) {
                // The hook finds the network closed.
            }
        }
    }

    /** A helper program that was at work when the network was closed may write once more: so a few attempts. */
    private void deleteFolder() {
        for (int left = 3;; left--) {
            try {
                Folders.delete(folder);
                return;
            } catch (IOException failure) {
                if (left == 0) {
                    LOG.warn("The private network's folder {} could not be deleted: {}", folder, failure.toString());
                    return;
                }
            }
        }
    }

    /** Hands reports on one at a time, whichever threads they come from. */
    private record OneAtATime(NetworkProgress progress) implements NetworkProgress {
        @Override
        public synchronized void at(Step step, int percent, String detail) {
            progress.at(step, percent, detail);
        }
    }
}
