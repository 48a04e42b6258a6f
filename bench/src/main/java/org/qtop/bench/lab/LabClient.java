package org.qtop.bench.lab;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;
import org.qtop.proxy.cli.InProcess;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.privatenet.NetworkClient;

/**
 * One user: a Tor of its own behind a tap, at times a qtop before it, and an application that does one thing at a
 * time, so that all the tap hears is of that one flow, or Tor's own. Confined to one thread.
 */
final class LabClient {

    private static final AtomicInteger TOKENS = new AtomicInteger();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String LEAST_SEEDS = "100000";

    private final Loops loops;
    private final SiteServer sites;
    private final NetworkClient tor;
    private final Tap tap;
    private ThreadGroup group;
    private InProcess qtop;
    private Duration torCpu = Duration.ZERO;

    LabClient(Loops loops, SiteServer sites, NetworkClient tor, Tap tap) {
        this.loops = loops;
        this.sites = sites;
        this.tor = tor;
        this.tap = tap;
    }

    /**
     * What one flow is to be.
     *
     * @param id its number in its mode
     * @param circuit see {@link Flow}
     * @param login the SOCKS user name
     * @param plan what the application does
     * @param leadNanos how long before its start the guard's view begins
     * @param tailNanos how long after its end all views end
     * @param marker what the destination does
     */
    record Order(int id, int circuit, String login, Plan plan, long leadNanos, long tailNanos, Marker marker) {
    }

    /** Starts what the mode wants before Tor; at its end {@link #leave} must be called. */
    void enter(Mode mode) throws IOException, InterruptedException {
        torCpu = torCpu();
        if (mode.settings().isEmpty()) {
            return;
        }
        Map<Setting, String> settings = mode.settings().get();
        settings.putAll(Map.of(Setting.LISTEN, "127.0.0.1:0", Setting.STATUS_LISTEN, "none", Setting.SEEDS,
                LEAST_SEEDS, Setting.TOR_SOCKS, Values.text(tor.socks()), Setting.TOR_CONTROL,
                Values.text(tor.control()), Setting.CONTROL_COOKIE, tor.cookieFile().toString()));
        group = new ThreadGroup("lab-qtop");
        AtomicReference<IOException> fault = new AtomicReference<>();
        // Threads are born into the group of the thread that starts them: so their processor time can be told.
        Thread starter = new Thread(group, () -> {
            try {
                qtop = InProcess.start(settings);
            } catch (IOException failed) {
                fault.set(failed);
            } catch (InterruptedException ending) {
                fault.set(new IOException("interrupted while qtop started", ending));
            }
        }, "lab-qtop-start");
        starter.start();
        try {
            starter.join();
        } catch (InterruptedException ending) {
            starter.interrupt();
            throw ending;
        }
        if (fault.get() != null) {
            throw fault.get();
        }
    }

    /** Ends what {@link #enter} started; returns the processor time of qtop and of the client's Tor since then. */
    long leave() throws IOException {
        long cpu = torCpu().minus(torCpu).toNanos();
        if (qtop != null) {
            cpu += groupCpu();
            long violations = qtop.violations();
            qtop.close();
            qtop = null;
            if (violations > 0) {
                throw new IOException("the verifier rejected " + violations + " releases");
            }
        }
        return cpu;
    }

    private Duration torCpu() {
        return ProcessHandle.of(tor.process().pid()).flatMap(handle -> handle.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    private long groupCpu() {
        Thread[] threads = new Thread[2 * group.activeCount() + 8];
        int count = group.enumerate(threads);
        long nanos = 0;
        for (int i = 0; i < count; i++) {
            nanos += Math.max(0, THREADS.getThreadCpuTime(threads[i].getId()));
        }
        return nanos;
    }

    /** Carries an order out. */
    Flow run(Order order) throws IOException, InterruptedException {
        int token = TOKENS.incrementAndGet();
        Recorder far = sites.watch(token, order.marker());
        try {
            InetSocketAddress proxy = qtop == null ? tor.socks() : qtop.address();
            Loader.Outcome outcome = Loader.start(loops, proxy, order.login(), sites.ports(), order.plan(), token)
                    .get();
            // What Tor still says about the end of the streams is this flow's, not the next one's.
            Thread.sleep(Duration.ofNanos(order.tailNanos()).toMillis());
            long from = outcome.startNanos() - order.leadNanos();
            Trace guard = tap.recorder().between(from, outcome.endNanos() + order.tailNanos());
            return new Flow(order.id(), order.circuit(), order.plan().label(), outcome.startNanos(),
                    outcome.application(), guard, far.all());
        } catch (ExecutionException failed) {
            throw new IOException("flow " + order.id() + ": " + failed.getCause().getMessage(), failed.getCause());
        } finally {
            sites.forget(token);
            tap.recorder().forgetBefore(Clock.nanos());
        }
    }
}
