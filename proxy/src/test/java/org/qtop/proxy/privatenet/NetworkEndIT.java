package org.qtop.proxy.privatenet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.privatenet.NetworkProgress.Step;
import org.qtop.proxy.privatenet.PrivateNetwork.Settings;
import org.qtop.proxy.privatenet.TorStartException.Reason;

/** However a network ends, no process and no folder of it is left. */
@Timeout(300)
class NetworkEndIT {
    /** Tor looks for its owner every 15 s; twice that on a busy machine. */
    private static final Duration OWNER_GONE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path parent;

    private Settings settings() {
        return Settings.defaults().withParent(parent);
    }

    private void assertNothingLeft(List<TorProcess> tors) throws IOException {
        assertEquals(List.of(), tors.stream().filter(TorProcess::isAlive).toList());
        try (var left = Files.list(parent)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static void await(List<ProcessHandle> processes, Duration limit) throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        while (processes.stream().anyMatch(DataDirectoryLock::runs)) {
            assertFalse(deadline.past(), "still there: " + processes.stream().filter(DataDirectoryLock::runs).toList());
            Thread.sleep(20);
        }
    }

    /** A JVM that boots a network, and the network's servers. */
    private record Child(Process jvm, Path folder, List<ProcessHandle> tors) {
        static Child start(Path parent) throws IOException {
            Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    System.getProperty("java.class.path"), NetworkMain.class.getName(), parent.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            BufferedReader reader = jvm.inputReader(StandardCharsets.UTF_8);
            Path folder = null;
            List<ProcessHandle> tors = new ArrayList<>();
            for (String line = reader.readLine(); !"running".equals(line); line = reader.readLine()) {
                assertTrue(line != null, "the child ended early");
                if (line.startsWith("folder ")) {
                    folder = Path.of(line.substring(7));
                } else if (line.startsWith("tor ")) {
                    tors.add(ProcessHandle.of(Long.parseLong(line.substring(4))).orElseThrow());
                }
            }
            assertEquals(6, tors.size());
            return new Child(jvm, folder, tors);
        }
    }

    @Test
    void shouldEndSoonAfterItsOwnerIsKilledAndBeSweptByTheNext() throws IOException, InterruptedException {
        Child child = Child.start(parent);
        child.jvm().destroyForcibly().waitFor();
        assertTrue(Files.exists(child.folder()));
        await(child.tors(), OWNER_GONE);
        PrivateNetwork.create(settings()).close();
        assertNothingLeft(List.of());
    }

    @Test
    void shouldEndWithItsJvmOnSigterm() throws IOException, InterruptedException {
        Child child = Child.start(parent);
        child.jvm().destroy();
        child.jvm().waitFor();
        await(child.tors(), Duration.ZERO);
        assertNothingLeft(List.of());
    }

    @Test
    void shouldLeaveNothingWhenItsTimeIsUp() throws IOException {
        AtomicReference<List<TorProcess>> tors = new AtomicReference<>(List.of());
        PrivateNetwork network = PrivateNetwork.create(settings().withLimit(Duration.ofSeconds(3)));
        TorStartException failure = assertThrows(TorStartException.class,
                () -> network.boot((step, percent, detail) -> tors.set(network.started())));
        assertEquals(Reason.NOT_IN_TIME, failure.reason(), failure.getMessage());
        assertNothingLeft(tors.get());
    }

    @Test
    void shouldLeaveNothingWhenInterrupted() throws IOException {
        PrivateNetwork network = PrivateNetwork.create(settings());
        Thread boots = Thread.currentThread();
        AtomicReference<List<TorProcess>> tors = new AtomicReference<>(List.of());
        assertThrows(InterruptedException.class, () -> network.boot((step, percent, detail) -> {
            if (step == Step.CONSENSUS) {
                tors.set(network.started());
                boots.interrupt();
            }
        }));
        assertEquals(6, tors.get().size());
        assertNothingLeft(tors.get());
    }

    @Test
    void shouldFailTheBootWhenClosedByAnotherThread() throws IOException, InterruptedException {
        PrivateNetwork network = PrivateNetwork.create(settings());
        AtomicReference<List<TorProcess>> tors = new AtomicReference<>(List.of());
        Thread closer = new Thread(network::close);
        NetworkProgress closeMeanwhile = (step, percent, detail) -> {
            if (step == Step.RELAYS && percent == 0) {
                tors.set(network.started());
                closer.start();
            }
        };
        TorStartException failure = assertThrows(TorStartException.class, () -> network.boot(closeMeanwhile));
        assertEquals(Reason.STOPPED, failure.reason(), failure.getMessage());
        closer.join();
        assertNothingLeft(tors.get());
        assertThrows(TorStartException.class, () -> network.addClient(ControlLogin.none(), List.of(), LONG));
        assertThrows(IllegalStateException.class, () -> network.boot(NetworkProgress.NONE));
    }

    @Test
    void shouldSayWhichLineATorRefuses() throws IOException {
        TorStartException failure = assertThrows(TorStartException.class, () -> PrivateNetwork.start(
                settings().withRelayLines(List.of("NoSuchOption 3")), NetworkProgress.NONE));
        assertEquals(Reason.ENDED, failure.reason());
        assertTrue(failure.getMessage().contains("NoSuchOption"), failure.getMessage());
        assertNothingLeft(List.of());
    }

    @Test
    void shouldStartAgainOnOtherPortsWhenOneIsTaken() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            AtomicInteger picks = new AtomicInteger();
            NetworkServers.Ports ports = count -> {
                List<Integer> picked = new ArrayList<>(FreePorts.pick(count));
                if (picks.incrementAndGet() == 1) {
                    picked.set(picked.size() - 1, taken.getLocalPort());
                }
                return picked;
            };
            List<TorProcess> tors;
            try (PrivateNetwork network = PrivateNetwork.create(settings().withExits(2), ports)) {
                network.boot(NetworkProgress.NONE);
                assertEquals(3, picks.get(), "the servers twice, the client once");
                tors = network.started();
                assertTrue(network.client().process().isAlive());
            }
            assertNothingLeft(tors);
        }
    }
}
