package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.qtop.proxy.privatenet.NetworkProgress.Step;
import org.qtop.proxy.privatenet.PrivateNetwork.Settings;
import org.qtop.proxy.privatenet.TorStartException.Reason;

/**
 * Starts the authorities and exits of a network and waits until they agree.
 *
 * <p>Confined to the thread that boots the network; what it starts belongs to the launcher.
 */
final class NetworkServers {
    static final int AUTHORITIES = 3;
    private static final long POLL_MILLIS = 50;
    /**
     * From the start of the tors to the first consensus, on a machine with nothing else to do. The vote is 2 s before
     * it and must find every exit: an authority answers after 1 s, an exit publishes itself after 2 s.
     */
    private static final long LEAD_MILLIS = 6_500;
    private static final long LONGEST_LEAD_MILLIS = 15_000;
    /** Added for each process that waits for a processor. */
    private static final long LEAD_MILLIS_PER_WAITING = 1_000;

    /** Starts a tor and sees to its end. */
    interface Launcher {
        TorProcess launch(TorProcessBuilder builder) throws TorStartException, InterruptedException;
    }

    /** Finds free TCP ports of 127.0.0.1. */
    interface Ports {
        List<Integer> pick(int count) throws IOException;
    }

    private final Settings settings;
    private final Path folder;
    private final Ports ports;
    private final Launcher launcher;
    private final NetworkProgress progress;
    private final List<TorProcess> started = new ArrayList<>();

    NetworkServers(Settings settings, Path folder, Ports ports, Launcher launcher, NetworkProgress progress) {
        this.settings = settings;
        this.folder = folder;
        this.ports = ports;
        this.launcher = launcher;
        this.progress = progress;
    }

    /**
     * How long the tors get before the first consensus. A vote that misses an exit costs a whole voting interval, so a
     * busy machine gets more.
     *
     * @param load processes that run or want to, averaged over a minute; negative if unknown
     * @param processors how many can run at a time
     */
    static Duration lead(double load, int processors) {
        long more = (long) (Math.max(0, load / processors - 1) * LEAD_MILLIS_PER_WAITING);
        return Duration.ofMillis(Math.min(LONGEST_LEAD_MILLIS, LEAD_MILLIS + more));
    }

    /** Starts all; returns the options that they and their clients share. */
    NetworkTorrc start(List<AuthorityKeys> keys, int dnsPort, Duration lead) throws IOException, InterruptedException {
        List<Integer> picked = ports.pick(2 * AUTHORITIES + settings.exits());
        List<NetworkTorrc.Authority> authorities = new ArrayList<>();
        for (int i = 0; i < AUTHORITIES; i++) {
            int port = picked.get(2 * i);
            authorities.add(new NetworkTorrc.Authority("auth" + i, keys.get(i), port,
                    settings.link().before("auth" + i, port), picked.get(2 * i + 1)));
        }
        Path resolvConf = folder.resolve("resolv.conf");
        Files.writeString(resolvConf, "nameserver 127.0.0.1:" + dnsPort + "\n", StandardCharsets.US_ASCII);
        NetworkTorrc torrc = new NetworkTorrc(authorities, resolvConf, (int) settings.votingInterval().toSeconds(),
                NetworkTorrc.offsetFor(System.currentTimeMillis(), lead));
        progress.at(Step.AUTHORITIES, 0, "starting " + AUTHORITIES + " authorities");
        for (NetworkTorrc.Authority authority : authorities) {
            authority.keys().install(folder.resolve(authority.nickname()));
            launch(authority.nickname(), torrc.authority(authority));
        }
        progress.at(Step.AUTHORITIES, 100, AUTHORITIES + " authorities run");
        progress.at(Step.RELAYS, 0, "starting " + settings.exits() + " exits");
        for (int i = 0; i < settings.exits(); i++) {
            int port = picked.get(2 * AUTHORITIES + i);
            launch(exitName(i), torrc.exit(exitName(i), port,
                    settings.link().before(exitName(i), port), settings.relayLines()));
        }
        progress.at(Step.RELAYS, 100, settings.exits() + " exits run");
        return torrc;
    }

    private static String exitName(int index) {
        return "exit" + index;
    }

    private void launch(String name, List<String> lines) throws TorStartException, InterruptedException {
        started.add(launcher.launch(TorProcess.builder(folder.resolve(name)).name(name).lines(lines)));
    }

    /** Waits until each authority has a consensus that lists every exit. */
    void awaitConsensus(NetworkTorrc torrc, Deadline deadline) throws TorStartException, InterruptedException {
        List<String> exits = IntStream.range(0, settings.exits()).mapToObj(NetworkServers::exitName).toList();
        progress.at(Step.CONSENSUS, 0, "waiting for the authorities' vote");
        int agreed = 0;
        while (agreed < AUTHORITIES) {
            requireAlive();
            if (deadline.past()) {
                throw new TorStartException(Reason.NOT_IN_TIME, "the private network had no consensus with all "
                        + settings.exits() + " exits after " + settings.limit().toSeconds() + " s");
            }
            if (ConsensusProbe.complete(torrc.authorities().get(agreed).dirPort(), exits)) {
                agreed++;
                progress.at(Step.CONSENSUS, 100 * agreed / AUTHORITIES, agreed + " of " + AUTHORITIES
                        + " authorities list every exit");
            } else {
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    private void requireAlive() throws TorStartException {
        for (TorProcess process : started) {
            if (!process.isAlive()) {
                throw process.failure();
            }
        }
    }
}
