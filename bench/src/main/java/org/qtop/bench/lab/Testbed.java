package org.qtop.bench.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.qtop.bench.trace.Flow;
import org.qtop.proxy.privatenet.ControlLogin;
import org.qtop.proxy.privatenet.NetworkClient;
import org.qtop.proxy.privatenet.NetworkProgress;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.privatenet.TorStartException;

/**
 * A private Tor network behind long wires, destinations, users, and others who make noise. Thread-safe.
 *
 * <p>The network's own client is one of the others.
 */
final class Testbed implements AutoCloseable {

    /** Some 20 s are usual. A first vote that misses a relay, on a busy machine, is made up for at the next only. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int START_ATTEMPTS = 5;
    private static final Duration CLIENT_LIMIT = Duration.ofMinutes(2);
    /** Long, for a consensus that is fetched in the middle of a flow is noise that the public network rarely has. */
    private static final Duration VOTING = Duration.ofMinutes(30);
    private static final int STARTS_AT_ONCE = 7;
    private static final double NOISE_PAUSE_MILLIS = 2_000;

    /**
     * How large.
     *
     * @param exits relays besides the three authorities
     * @param clients users who are observed
     * @param others users who make noise, 1 or more
     * @param seed the run's
     */
    record Size(int exits, int clients, int others, long seed) {
    }

    private final Loops loops = new Loops();
    private final Links links;
    private final SiteServer sites;
    private final PrivateNetwork network;
    private final List<Tap> taps = new ArrayList<>();
    private final List<LabClient> clients = new ArrayList<>();
    private final List<Thread> noise = new ArrayList<>();

    private Testbed(Size size) throws IOException {
        links = new Links(loops, size.seed());
        sites = new SiteServer(loops);
        network = PrivateNetwork.create(PrivateNetwork.Settings.defaults().withExits(size.exits()).withLink(links)
                .withLimit(START_LIMIT).withVotingInterval(VOTING)
                .withRelayLines(List.of("NumCPUs 1")));
    }

    /** Starts all; tries again if the network is not ready in time. */
    static Testbed start(Size size, NetworkProgress progress) throws IOException, InterruptedException {
        for (int attempt = 1;; attempt++) {
            try {
                return startOnce(size, progress);
            } catch (TorStartException failure) {
                if (failure.reason() != TorStartException.Reason.NOT_IN_TIME || attempt == START_ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }

    private static Testbed startOnce(Size size, NetworkProgress progress) throws IOException, InterruptedException {
        Testbed bed = new Testbed(size);
        boolean ready = false;
        try {
            bed.network.boot(progress);
            bed.addClients(size.clients());
            bed.addNoise(size);
            ready = true;
            return bed;
        } finally {
            if (!ready) {
                bed.close();
            }
        }
    }

    private void addClients(int count) throws IOException, InterruptedException {
        ExecutorService starters = Executors.newFixedThreadPool(STARTS_AT_ONCE);
        try {
            List<Callable<LabClient>> starts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Tap tap = new Tap(loops);
                taps.add(tap);
                starts.add(() -> new LabClient(loops, sites, network.addClient(ControlLogin.cookie(),
                        List.of(tap.torrcLine(), "NumCPUs 1"), CLIENT_LIMIT), tap));
            }
            for (Future<LabClient> start : starters.invokeAll(starts)) {
                clients.add(start.get());
            }
        } catch (ExecutionException failed) {
            throw new IOException("a client did not start: " + failed.getCause().getMessage(), failed.getCause());
        } finally {
            starters.shutdownNow();
        }
    }

    private void addNoise(Size size) throws IOException, InterruptedException {
        Workload workload = new Workload(size.seed(), Workload.SITES);
        for (int i = 0; i < size.others(); i++) {
            NetworkClient tor = i == 0 ? network.client()
                    : network.addClient(ControlLogin.cookie(), List.of("NumCPUs 1"), CLIENT_LIMIT);
            int number = i;
            Thread thread = new Thread(() -> browse(tor, workload, number, size.seed()), "lab-noise-" + i);
            thread.setDaemon(true);
            noise.add(thread);
            thread.start();
        }
    }

    private void browse(NetworkClient tor, Workload workload, int number, long seed) {
        var random = Draws.of(seed, "noise", number);
        for (long visit = 0;; visit++) {
            try {
                // A token that nobody watches.
                Loader.start(loops, tor.socks(), "noise" + number + "-" + visit / 8, sites.ports(),
                        workload.anyVisit("noise" + number, visit), -1).handle((outcome, fault) -> outcome).get();
                Thread.sleep((long) Draws.exponential(random, NOISE_PAUSE_MILLIS));
            } catch (InterruptedException | ExecutionException over) {
                return;
            }
        }
    }

    List<LabClient> clients() {
        return List.copyOf(clients);
    }

    List<String> links() {
        return links.lengths();
    }

    String torVersion() {
        return network.torVersion();
    }

    /** Looks that a flow has been seen from everywhere. */
    static void requireViews(Flow flow) throws IOException {
        if (flow.guard().size() == 0 || flow.destination().size() == 0 || flow.application().size() == 0) {
            throw new IOException("flow " + flow.id() + " was not seen from everywhere: application "
                    + flow.application() + ", guard " + flow.guard() + ", destination " + flow.destination());
        }
    }

    @Override
    public void close() {
        noise.forEach(Thread::interrupt);
        network.close();
        taps.forEach(Tap::close);
        links.close();
        sites.close();
        loops.close();
    }
}
