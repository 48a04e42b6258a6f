package org.qtop.bench.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.qtop.bench.load.SocksClient;
import org.qtop.bench.load.StandInSocksServer;
import org.qtop.bench.load.StandInTor;

/** A peer that runs; or none at all, and then clients call the stand-in itself. Not thread-safe. */
final class PeerProcess implements AutoCloseable {

    private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** Seldom enough to leave a starting program the processor. */
    private static final long POLL_MICROS = 2_000;
    private static final int LOG_CHARACTERS = 2_000;

    private static final Set<ProcessTree> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        // For a run that is cut short.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(ProcessTree::end), "end-peers"));
    }

    private final Peer peer;
    private final InetSocketAddress address;
    private final ProcessTree tree;
    private final Path folder;
    private double startMillis;

    private PeerProcess(Peer peer, InetSocketAddress address, ProcessTree tree, Path folder) {
        this.peer = peer;
        this.address = address;
        this.tree = tree;
        this.folder = folder;
    }

    /** Starts it, and waits for its first stream. */
    static PeerProcess start(Peer peer, StandInTor tor, List<String> more) throws IOException {
        if (peer.direct()) {
            return new PeerProcess(peer, tor.socks(), null, null);
        }
        Path folder = Files.createTempDirectory("qtop-bench");
        int port = freePort();
        Path config = folder.resolve("config");
        Files.writeString(config, peer.configuration(port, tor.socks(), tor.control()));
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(peer.command(port, tor.socks(), tor.control(), config));
        command.addAll(more);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(peer.environment());
        long begun = System.nanoTime();
        Process process = builder.start();
        PeerProcess running = new PeerProcess(peer, new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                new ProcessTree(process.toHandle()), folder);
        RUNNING.add(running.tree);
        boolean up = false;
        try {
            running.awaitStream(process, begun, log);
            up = true;
            return running;
        } finally {
            if (!up) {
                running.close();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitStream(Process process, long begun, Path log) throws IOException {
        while (true) {
            try (SocksClient first = SocksClient.connect(address, StandInSocksServer.ECHO)) {
                first.out().write(1);
                first.in().readByte();
                startMillis = (System.nanoTime() - begun) / 1e6;
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() - begun > START_LIMIT_NANOS) {
                    throw new IOException(peer.name() + " did not come up: " + lastOf(log), e);
                }
                pause(Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(POLL_MICROS)));
            }
        }
    }

    private static String lastOf(Path log) throws IOException {
        String text = Files.readString(log).strip();
        return text.substring(Math.max(0, text.length() - LOG_CHARACTERS));
    }

    /** Lets time pass. */
    static void pause(Duration time) throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Who it is. */
    Peer peer() {
        return peer;
    }

    /** Where clients connect. */
    InetSocketAddress address() {
        return address;
    }

    /** From the start of the process to the first stream. */
    double startMillis() {
        return startMillis;
    }

    /** Processor time so far; 0 for no proxy at all. */
    double cpuSeconds() throws IOException {
        return tree == null ? 0 : tree.cpuSeconds();
    }

    /** Memory; 0 for no proxy at all. */
    double megabytes() throws IOException {
        return tree == null ? 0 : tree.megabytes();
    }

    /** Ends it. */
    @Override
    public void close() throws IOException {
        if (tree != null) {
            tree.end();
            RUNNING.remove(tree);
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
