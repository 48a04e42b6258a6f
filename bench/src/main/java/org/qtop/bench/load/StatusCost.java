package org.qtop.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.status.StatusClient;

/**
 * What it costs a qtop that carries many streams to be looked at: one page, and a scrape every five seconds, and at the
 * beginning of each stretch.
 *
 * <p>One qtop runs in a process of its own, as it is shipped and on a processor of its own, before a stand-in for Tor,
 * under an open-loop load. Before anything is measured it is asked {@value #WARM_UP_LOOKS} times for what page and
 * scrape show, so that this code is compiled, as it is after some minutes of being looked at. Stretches with and
 * without lookers alternate, in the order ABBA, and the processor time of that process is compared pair by pair. The
 * time of the status' own thread is told too, which leaves out only what it costs others (collecting its garbage,
 * cooling caches). The stand-in has no control port, so all streams are on one path.
 */
public final class StatusCost {

    private static final int STREAMS_A_SECOND = 1_000;
    private static final long WARM_UP_SECONDS = 30;
    private static final int WARM_UP_LOOKS = 1_000;
    private static final int WORKERS = 64;
    private static final long SCRAPE_SECONDS = 5;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String STATUS_THREAD = "qtop-status";
    private static final double SURE = 1.96;

    private final Path root;
    private final String processor;
    private final int stretchSeconds;
    private final InetSocketAddress proxy;
    private final InetSocketAddress status;
    private final Process qtop;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private double statusSeconds;
    private double lookedSeconds;
    private volatile boolean running = true;

    private StatusCost(Path root, String processor, int pairs, int stretchSeconds)
            throws IOException, InterruptedException {
        this.root = root;
        this.processor = processor;
        this.stretchSeconds = stretchSeconds;
        proxy = free();
        status = free();
        try (StandInSocksServer tor = StandInSocksServer.start(1)) {
            qtop = start(tor.address());
            try {
                measure(pairs);
            } finally {
                running = false;
                qtop.destroy();
                qtop.waitFor();
            }
        }
    }

    /**
     * Measures and prints.
     *
     * @param arguments the checkout, with its jar built; the number of the processor that qtop is to run on; how many
     *     pairs of stretches, 2 or more; how many seconds a stretch has, 1 or more
     * @throws IOException if qtop cannot be started or asked
     * @throws InterruptedException if the measurement is broken off
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new StatusCost(Path.of(arguments[0]), arguments[1], Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]));
        System.exit(0);
    }

    private static InetSocketAddress free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
        }
    }

    private Process start(InetSocketAddress tor) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("taskset", "-c", processor,
                root.resolve("scripts/lib/qtop.sh").toString(), "run",
                "--tor-socks", Values.text(tor), "--tor-control", "none", "--listen", Values.text(proxy),
                "--status-listen", Values.text(status), "--log-level", "error").redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("QTOP_JAR", root.resolve("proxy/target/qtop.jar").toString());
        return builder.start();
    }

    private void measure(int pairs) throws IOException, InterruptedException {
        for (int tries = 0; !StatusClient.answers(status) && tries < 100; tries++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        Thread load = new Thread(this::load, "load");
        load.setDaemon(true);
        load.start();
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
        for (int i = 0; i < WARM_UP_LOOKS; i++) {
            for (String path : List.of("/metrics", "/api/status", "/api/circuits")) {
                StatusClient.get(status, path);
            }
        }
        look(System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS));
        List<Double> more = new ArrayList<>();
        System.out.println("streams a second, share of one processor without and with lookers, how much more");
        for (int i = 0; i < pairs; i++) {
            long before = opened.get();
            boolean first = i % 2 == 0;
            double one = stretch(!first);
            double other = stretch(first);
            double without = first ? one : other;
            double with = first ? other : one;
            more.add(with / without - 1);
            System.out.printf(Locale.ROOT, "%5d/s  %.3f  %.3f  %+.2f%%%n",
                    (opened.get() - before) / (2 * stretchSeconds), without, with, 100 * (with / without - 1));
        }
        report(more);
    }

    /**
     * Tells the median with an interval that holds for any distribution, since a stretch in which a neighbour of this
     * machine was busy says nothing of qtop; and the mean, which such stretches pull. Source: the sign test's interval,
     * Conover, "Practical Nonparametric Statistics", 3.2; normal approximation.
     */
    private void report(List<Double> more) {
        int pairs = more.size();
        List<Double> sorted = more.stream().sorted().toList();
        double median = (sorted.get((pairs - 1) / 2) + sorted.get(pairs / 2)) / 2;
        int from = Math.max(0, (int) Math.floor((pairs - SURE * Math.sqrt(pairs)) / 2));
        double mean = more.stream().mapToDouble(value -> value).average().orElse(0);
        double variance = more.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum()
                / Math.max(1, pairs - 1);
        double sure = SURE * Math.sqrt(variance / pairs);
        System.out.printf(Locale.ROOT, "Being looked at costs %+.2f%% more processor time in the median pair, 95%%"
                + " interval %+.2f%% to %+.2f%%; %+.2f%% in the mean, %+.2f%% to %+.2f%%; %d of %d streams failed%n",
                100 * median, 100 * sorted.get(from), 100 * sorted.get(pairs - 1 - from), 100 * mean,
                100 * (mean - sure), 100 * (mean + sure), failed.get(), opened.get());
        System.out.printf(Locale.ROOT, "The status' own thread used %.2f%% of qtop's processor time while looked at%n",
                100 * statusSeconds / lookedSeconds);
    }

    /** The share of one processor that qtop uses in one stretch. */
    private double stretch(boolean lookers) throws IOException, InterruptedException {
        long before = nanos("");
        long statusBefore = nanos(STATUS_THREAD);
        long began = System.nanoTime();
        if (lookers) {
            look(began + TimeUnit.SECONDS.toNanos(stretchSeconds));
        } else {
            TimeUnit.SECONDS.sleep(stretchSeconds);
        }
        double seconds = (System.nanoTime() - began) / NANOS_PER_SECOND;
        double used = (nanos("") - before) / NANOS_PER_SECOND;
        if (lookers) {
            statusSeconds += (nanos(STATUS_THREAD) - statusBefore) / NANOS_PER_SECOND;
            lookedSeconds += used;
        }
        return used / seconds;
    }

    /**
     * Processor time of the threads whose names begin so. Once warm, none of them ends. Source: proc(5), schedstat's
     * first field; the process's own figure counts in hundredths of a second.
     */
    private long nanos(String name) throws IOException {
        long nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", "" + qtop.pid(), "task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).startsWith(name)) {
                    nanos += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
                }
            }
        }
        return nanos;
    }

    /** A page that reads events, and a scrape now and then. */
    private void look(long until) throws IOException, InterruptedException {
        try (Socket page = new Socket(status.getAddress(), status.getPort())) {
            page.getOutputStream().write(("GET /api/events HTTP/1.1\r\nHost: " + Values.text(status) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream events = page.getInputStream();
            Thread reader = new Thread(() -> {
                try {
                    events.transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException e) {
                    Thread.currentThread().interrupt();
                }
            }, "page");
            reader.start();
            while (System.nanoTime() - until < 0) {
                StatusClient.get(status, "/metrics");
                TimeUnit.NANOSECONDS.sleep(Math.max(0, Math.min(TimeUnit.SECONDS.toNanos(SCRAPE_SECONDS),
                        until - System.nanoTime())));
            }
        }
    }

    /** Opens streams when they are due, whatever became of those before. */
    private void load() {
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS, work -> {
            Thread thread = new Thread(work, "client");
            thread.setDaemon(true);
            return thread;
        });
        long began = System.nanoTime();
        for (long number = 0; running; number++) {
            long due = began + number * (1_000_000_000L / STREAMS_A_SECOND);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            workers.execute(this::stream);
        }
        workers.shutdownNow();
    }

    private void stream() {
        try (SocksClient client = SocksClient.connect(proxy, StandInSocksServer.ECHO)) {
            client.out().write(new byte[100]);
            client.in().readNBytes(100);
        } catch (IOException e) {
            failed.incrementAndGet();
        }
        opened.incrementAndGet();
    }
}
