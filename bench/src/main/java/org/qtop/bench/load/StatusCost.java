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
import java.time.Duration;
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
 * <p>One qtop runs in a process of its own before a stand-in for Tor, under an open-loop load. Stretches with and
 * without lookers alternate, in the order ABBA, and the processor time of that process is compared pair by pair. On a
 * machine that does other things that is mostly noise; so the time of the status' own thread is told too, which leaves
 * out only what it costs others (collecting its garbage, cooling caches). The stand-in has no control port, so all
 * streams are on one path.
 */
public final class StatusCost {

    private static final int STREAMS_A_SECOND = 1_000;
    private static final int PAIRS = 45;
    private static final int STRETCH_SECONDS = 5;
    private static final long WARM_UP_SECONDS = 30;
    private static final int WORKERS = 64;
    private static final long SCRAPE_SECONDS = 5;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double SURE = 1.96;

    private final int stretchSeconds;
    private final InetSocketAddress proxy;
    private final InetSocketAddress status;
    private final Process qtop;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private double statusSeconds;
    private double lookedSeconds;
    private volatile boolean running = true;

    private StatusCost(int pairs, int stretchSeconds) throws IOException, InterruptedException {
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
     * @param arguments how many pairs of stretches, 2 or more, 45 if left out; how many seconds a stretch has, 1 or
     *     more, 5 if left out
     * @throws IOException if qtop cannot be started or asked
     * @throws InterruptedException if the measurement is broken off
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new StatusCost(arguments.length < 1 ? PAIRS : Integer.parseInt(arguments[0]),
                arguments.length < 2 ? STRETCH_SECONDS : Integer.parseInt(arguments[1]));
        System.exit(0);
    }

    private static InetSocketAddress free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
        }
    }

    private Process start(InetSocketAddress tor) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), "org.qtop.proxy.cli.Main", "run",
                "--tor-socks", Values.text(tor), "--tor-control", "none", "--listen", Values.text(proxy),
                "--status-listen", Values.text(status), "--log-level", "error").redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private void measure(int pairs) throws IOException, InterruptedException {
        for (int tries = 0; !StatusClient.answers(status) && tries < 100; tries++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        Thread load = new Thread(this::load, "load");
        load.setDaemon(true);
        load.start();
        // Also the lookers' code must be compiled by then.
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
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

    private void report(List<Double> more) {
        double mean = more.stream().mapToDouble(value -> value).average().orElse(0);
        double variance = more.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum()
                / Math.max(1, more.size() - 1);
        System.out.printf(Locale.ROOT, "Being looked at costs %+.2f%% more processor time, 95%% interval %+.2f%% to"
                + " %+.2f%%; %d of %d streams failed%n", 100 * mean,
                100 * (mean - SURE * Math.sqrt(variance / more.size())),
                100 * (mean + SURE * Math.sqrt(variance / more.size())), failed.get(), opened.get());
        System.out.printf(Locale.ROOT, "The status' own thread used %.2f%% of qtop's processor time while looked at%n",
                100 * statusSeconds / lookedSeconds);
    }

    /** The share of one processor that qtop uses in one stretch. */
    private double stretch(boolean lookers) throws IOException, InterruptedException {
        Duration before = cpu();
        long statusBefore = statusNanos();
        long began = System.nanoTime();
        if (lookers) {
            look(began + TimeUnit.SECONDS.toNanos(stretchSeconds));
        } else {
            TimeUnit.SECONDS.sleep(stretchSeconds);
        }
        double seconds = (System.nanoTime() - began) / NANOS_PER_SECOND;
        double used = cpu().minus(before).toNanos() / NANOS_PER_SECOND;
        if (lookers) {
            statusSeconds += (statusNanos() - statusBefore) / NANOS_PER_SECOND;
            lookedSeconds += used;
        }
        return used / seconds;
    }

    /** Processor time of the status' own thread. Source: proc(5), schedstat's first field. */
    private long statusNanos() throws IOException {
        long nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", "" + qtop.pid(), "task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).startsWith("qtop-status")) {
                    nanos += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
                }
            }
        }
        return nanos;
    }

    private Duration cpu() {
        return qtop.info().totalCpuDuration().orElseThrow();
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
