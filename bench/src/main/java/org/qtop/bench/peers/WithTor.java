package org.qtop.bench.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
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
import org.qtop.proxy.privatenet.PrivateNetwork;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Tor's own SOCKS port beside qtop's, through one Tor of a private network, in alternating rounds; qtop holds for no
 * time, but matches its streams to Tor's and keeps a journal. In the table Tor's port is what is called direct.
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
        System.exit(new CommandLine(new WithTor()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Rounds kept = rounds.open();
        Path journal = Files.createTempFile("qtop-with-tor", ".jsonl");
        try (PrivateNetwork network = PrivateNetwork.start(PrivateNetwork.Settings.defaults(),
                (step, percent, detail) -> System.err.println(detail)); Site site = Site.start()) {
            kept.fact("tor", network.torVersion());
            InetSocketAddress listen = free();
            Process qtop = qtop(network, listen, journal);
            try {
                Target tor = site.through(network.socks());
                Target through = tor.through(listen);
                awaitStream(through);
                rounds.add(kept, (into, number) -> {
                    boolean backwards = number % 2 == 0;
                    round(into, number, backwards ? "qtop" : "direct", backwards ? through : tor, site);
                    round(into, number, backwards ? "direct" : "qtop", backwards ? tor : through, site);
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

    private void round(Rounds kept, int number, String name, Target target, Site site) throws IOException {
        Map<Row, Double> values = new EnumMap<>(Row.class);
        long nanos = (long) (seconds * NANOS_PER_SECOND);
        SetupLoad load = new SetupLoad(target);
        latencies(values, load.oneAtATime(nanos), Row.SETUP, Row.SETUP_P99);
        values.put(Row.SETUP_RATE_16, load.together(AT_ONCE, nanos).getTotalCount() / seconds);
        if (load.failed() > 0) {
            throw new LoadException(load.failed() + " set-ups failed");
        }
        // Before the bulk, whose last cells stand in the circuits' queues for a while.
        latencies(values, PingPong.run(target, nanos), Row.PING, Row.PING_P99);
        values.put(Row.DOWN_1, download(target, 1));
        values.put(Row.DOWN_8, download(target, MANY));
        values.put(Row.UP_1, upload(target, 1, site));
        values.put(Row.UP_8, upload(target, MANY, site));
        Rounds.Result result = new Rounds.Result(number, name, values);
        kept.add(result);
        System.err.println(Table.line(result));
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
        Streams streams = Streams.upload(target, count);
        try {
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
