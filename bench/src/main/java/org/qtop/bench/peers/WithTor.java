package org.qtop.bench.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.qtop.bench.load.LoadException;
import org.qtop.bench.load.PingPong;
import org.qtop.bench.load.SetupLoad;
import org.qtop.bench.load.Site;
import org.qtop.bench.load.Streams;
import org.qtop.bench.load.Target;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.ControlSettings;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.stream.CircuitEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Tor's own SOCKS port beside qtop's, through one Tor of a private network; qtop holds for no time, but matches its
 * streams to Tor's and keeps a journal. In the table Tor's port is what is called direct.
 *
 * <p>Circuits differ more than the two ports do, and Tor changes from one to the next. So what takes milliseconds is
 * measured in short turns, now one port and now the other: both use the same SOCKS port of Tor in the end, and streams
 * that nothing keeps apart share its circuit of the moment.
 */
@Command(name = "with-tor", mixinStandardHelpOptions = true, description = "Measures what qtop adds to a real Tor.")
public final class WithTor implements Callable<Integer> {

    private static final int AT_ONCE = 16;
    private static final int MANY = 8;
    private static final double HALF = 50;
    private static final double MOST = 99;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double BYTES_PER_MB = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long START_SECONDS = 30;
    /** So many turns each port gets in a round. */
    private static final int TURNS = 20;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long QUIET_SECONDS = 30;
    /** A network is quiet again when a ping takes no more than so many times as long as at the start. */
    private static final double QUIET = 2;

    @Option(names = "--root", required = true, description = "the checkout")
    private Path root;

    @Mixin
    private KeptRounds rounds;

    @Option(names = "--seconds", defaultValue = "4", description = "for each row (default: ${DEFAULT-VALUE})")
    private double seconds;

    private WithTor() {
    }

    /**
     * Measures and prints.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(Launch.run(WithTor.class, arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ControlException {
        Rounds kept = rounds.open();
        Path journal = Files.createTempFile("qtop-with-tor", ".jsonl");
        try (PrivateNetwork network = PrivateNetwork.start(PrivateNetwork.Settings.defaults(),
                (step, percent, detail) -> System.err.println(detail)); Site site = Site.start();
                TorControl control = TorControl.open(ControlSettings.at(network.control())
                        .withCookieFile(network.cookieFile()), new ControlObserver() { })) {
            kept.fact("tor", network.torVersion());
            InetSocketAddress listen = free();
            Process qtop = qtop(network, listen, journal);
            try {
                Target tor = site.through(network.socks());
                Target through = tor.through(listen);
                awaitStream(through);
                double calm = ping(tor);
                rounds.add(kept, (into, number) -> {
                    List<Side> sides = new ArrayList<>(List.of(new Side("direct", tor), new Side("qtop", through)));
                    if (number % 2 == 0) {
                        Collections.reverse(sides);
                    }
                    round(sides, site, () -> quieten(control, tor, calm));
                    for (Side side : sides) {
                        Rounds.Result result = new Rounds.Result(number, side.name, side.values);
                        into.add(result);
                        System.err.println(Table.line(result));
                    }
                });
            } finally {
                new ProcessTree(qtop.toHandle()).end();
            }
        } finally {
            Files.delete(journal);
        }
        System.out.print(Table.markdown(kept));
        return 0;
    }

    private Process qtop(PrivateNetwork network, InetSocketAddress listen, Path journal) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(root.resolve("scripts/lib/qtop.sh").toString(), "run",
                "--listen", Values.text(listen), "--tor-socks", Values.text(network.socks()), "--tor-control",
                Values.text(network.control()), "--control-cookie", network.cookieFile().toString(), "--min-hold", "0",
                "--max-hold", "0", "--journal", journal.toString(), "--status-listen", "none", "--log-level", "error",
                "--drain", "0")).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("QTOP_JAR", root.resolve("proxy/target/qtop.jar").toString());
        return builder.start();
    }

    private static InetSocketAddress free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    private static void awaitStream(Target target) throws IOException {
        long begun = System.nanoTime();
        while (true) {
            try {
                PingPong.run(target, 1);
                return;
            } catch (IOException e) {
                if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(START_SECONDS)) {
                    throw e;
                }
                PeerProcess.pause(Duration.ofMillis(10));
            }
        }
    }

    /** One of the two ports, and what was measured of it in a round. */
    private static final class Side {

        private final String name;
        private final Target target;
        private final Map<Row, Double> values = new EnumMap<>(Row.class);

        Side(String name, Target target) {
            this.name = name;
            this.target = target;
        }
    }

    /** Something that takes a while and tells how long each of its parts took. */
    private interface Timed {
        Histogram run(Target target, long nanos) throws IOException;
    }

    /** Something to be done first. */
    private interface Before {
        void run() throws IOException;
    }

    private void round(List<Side> sides, Site site, Before quiet) throws IOException {
        long nanos = (long) (seconds * NANOS_PER_SECOND);
        inTurns(sides, (target, turn) -> new SetupLoad(target).oneAtATime(turn), Row.SETUP, Row.SETUP_P99);
        for (Side side : sides) {
            SetupLoad load = new SetupLoad(side.target);
            side.values.put(Row.SETUP_RATE_16, load.together(AT_ONCE, nanos).getTotalCount() / seconds);
            if (load.failed() > 0) {
                throw new LoadException(load.failed() + " set-ups failed");
            }
        }
        inTurns(sides, PingPong::run, Row.PING, Row.PING_P99);
        for (Side side : sides) {
            side.values.put(Row.DOWN_1, download(side.target, 1));
            side.values.put(Row.DOWN_8, download(side.target, MANY));
            quiet.run();
            side.values.put(Row.UP_1, upload(side.target, 1, site));
            quiet.run();
            side.values.put(Row.UP_8, upload(side.target, MANY, site));
            quiet.run();
        }
    }

    private void inTurns(List<Side> sides, Timed what, Row half, Row most) throws IOException {
        Map<Side, Histogram> all = new HashMap<>();
        for (int turn = 0; turn < TURNS; turn++) {
            for (Side side : sides) {
                all.computeIfAbsent(side, first -> SetupLoad.histogram())
                        .add(what.run(side.target, (long) (seconds * NANOS_PER_SECOND / TURNS)));
            }
            Collections.reverse(sides);
        }
        all.forEach((side, latency) -> latencies(side.values, latency, half, most));
    }

    private static double ping(Target target) throws IOException {
        return PingPong.run(target, LOOK_NANOS).getValueAtPercentile(HALF);
    }

    /**
     * Lets go what bulk has left behind, and waits until a ping is quick again. Tor takes an upload as fast as it comes
     * and keeps what its circuit does not carry, hundreds of MB after some seconds, even when the client is gone: what
     * shares the circuit would wait for minutes.
     */
    private static void quieten(TorControl control, Target target, double calmNanos) throws IOException {
        try {
            for (CircuitEvent circuit : control.circuits()) {
                control.command("CLOSECIRCUIT " + circuit.circuitId());
            }
        } catch (ControlException e) {
            throw new IOException(e);
        }
        long begun = System.nanoTime();
        while (ping(target) > QUIET * calmNanos) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(QUIET_SECONDS)) {
                System.err.printf(Locale.ROOT, "a ping takes more than %.1f ms still, after %d s%n",
                        QUIET * calmNanos / NANOS_PER_MICRO / NANOS_PER_MICRO, QUIET_SECONDS);
                return;
            }
        }
    }

    private static void latencies(Map<Row, Double> values, Histogram latency, Row half, Row most) {
        values.put(half, latency.getValueAtPercentile(HALF) / NANOS_PER_MICRO);
        values.put(most, latency.getValueAtPercentile(MOST) / NANOS_PER_MICRO);
    }

    private double download(Target target, int count) throws IOException {
        try (Streams streams = Streams.download(target, count)) {
            PeerProcess.pause(half());
            long before = streams.received();
            PeerProcess.pause(half().multipliedBy(2));
            return (streams.received() - before) / BYTES_PER_MB / seconds;
        }
    }

    private double upload(Target target, int count, Site site) throws IOException {
        long none = site.discarded();
        Streams streams = Streams.upload(target, count);
        try {
            long begun = System.nanoTime();
            while (site.discarded() == none) {
                if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(START_SECONDS)) {
                    throw new LoadException("nothing of an upload arrived in " + START_SECONDS + " s");
                }
                PeerProcess.pause(Duration.ofMillis(1));
            }
            PeerProcess.pause(half());
            long before = site.discarded();
            PeerProcess.pause(half().multipliedBy(2));
            return (site.discarded() - before) / BYTES_PER_MB / seconds;
        } finally {
            streams.close();
        }
    }

    private Duration half() {
        return Duration.ofNanos((long) (seconds / 2 * NANOS_PER_SECOND));
    }
}
