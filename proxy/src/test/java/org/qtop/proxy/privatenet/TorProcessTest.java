package org.qtop.proxy.privatenet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.privatenet.TorStartException.Reason;

/** One tor process, with scripts in tor's place. */
@Timeout(60)
class TorProcessTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String[] READY = {
        "[notice] Tor 0.4.9.11 running on Linux with Libevent 2.1.12-stable.",
        "[notice] Opened Socks listener connection (ready) on 127.0.0.1:44441",
        "[notice] Opened Control listener connection (ready) on 127.0.0.1:46703",
        "[notice] Bootstrapped 0% (starting): Starting",
        "[notice] Bootstrapped 100% (done): Done"};

    @TempDir
    private Path folder;

    private TorProcessBuilder builder(Path program) {
        return TorProcess.builder(folder.resolve("data")).program(program);
    }

    @Test
    void shouldTellVersionPortsAndProgressFromTheLog() throws IOException, InterruptedException {
        Queue<Integer> percents = new ConcurrentLinkedQueue<>();
        TorListener listener = new TorListener() {
            @Override
            public void bootstrap(TorLogLine.Bootstrap progress) {
                percents.add(progress.percent());
            }
        };
        try (TorProcess tor = builder(FakeTor.make(folder, FakeTor.STAY, READY)).listener(listener).start()) {
            tor.awaitListening(LONG);
            tor.awaitBootstrap(LONG);
            assertEquals("0.4.9.11", tor.version());
            assertEquals(new InetSocketAddress("127.0.0.1", 44441), tor.socks().orElseThrow());
            assertEquals(new InetSocketAddress("127.0.0.1", 46703), tor.control().orElseThrow());
            assertTrue(tor.isAlive());
            tor.kill();
            assertFalse(tor.isAlive());
        }
        assertEquals(List.of(0, 100), List.copyOf(percents));
    }

    @Test
    void shouldQuoteTorsReasonWhenItEndsEarly() throws IOException, InterruptedException {
        Path program = FakeTor.make(folder, "exit 1", "[warn] You are running Tor as root. You don't need to.",
                "[warn] Failed to parse/validate config: Unknown option 'BadOption'.  Failing.",
                "[err] Reading config failed--see warnings above.");
        try (TorProcess tor = builder(program).name("guard").start()) {
            TorStartException failure = assertThrows(TorStartException.class, () -> tor.awaitBootstrap(LONG));
            assertEquals(Reason.ENDED, failure.reason());
            assertEquals("tor (guard) ended with exit code 1 at its start; tor said: Failed to parse/validate config: "
                    + "Unknown option 'BadOption'.  Failing. | Reading config failed--see warnings above.",
                    failure.getMessage());
        }
    }

    @Test
    void shouldTellATakenPortFromOtherFailures() throws IOException, InterruptedException {
        Path program = FakeTor.make(folder, "exit 1",
                "[warn] Could not bind to 127.0.0.1:9050: Address already in use. Is Tor already running?");
        try (TorProcess tor = builder(program).start()) {
            TorStartException failure = assertThrows(TorStartException.class, () -> tor.awaitListening(LONG));
            assertEquals(Reason.PORT_TAKEN, failure.reason());
            assertTrue(failure.getMessage().contains("127.0.0.1:9050"), failure.getMessage());
        }
    }

    @Test
    void shouldGiveUpWhenTorIsNotReadyInTime() throws IOException, InterruptedException {
        Path program = FakeTor.make(folder, FakeTor.STAY, "[notice] Bootstrapped 5% (conn): Connecting to a relay",
                "[warn] Problem bootstrapping. Stuck at 5% (conn).");
        CountDownLatch read = new CountDownLatch(2);
        TorListener listener = new TorListener() {
            @Override
            public void line(TorLogLine line) {
                read.countDown();
            }
        };
        try (TorProcess tor = builder(program).listener(listener).start()) {
            assertTrue(read.await(30, TimeUnit.SECONDS));
            TorStartException failure = assertThrows(TorStartException.class, () -> tor.awaitBootstrap(Duration.ZERO));
            assertEquals(Reason.NOT_IN_TIME, failure.reason());
            assertEquals("tor (client) was not ready after 0 s: it stood at 5% (Connecting to a relay); tor said: "
                    + "Problem bootstrapping. Stuck at 5% (conn).", failure.getMessage());
        }
    }

    @Test
    void shouldSayThatItWasStoppedFromThisSide() throws IOException, InterruptedException {
        try (TorProcess tor = builder(FakeTor.make(folder, FakeTor.STAY)).start()) {
            tor.stop(LONG);
            TorStartException failure = assertThrows(TorStartException.class, () -> tor.awaitBootstrap(LONG));
            assertEquals(Reason.STOPPED, failure.reason());
        }
    }

    @Test
    void shouldKillATorThatDoesNotHearSigterm() throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        TorListener listener = new TorListener() {
            @Override
            public void ended(int exitCode) {
                assertEquals(128 + 9, exitCode);
                ended.countDown();
            }
        };
        TorProcess tor = builder(FakeTor.make(folder, FakeTor.IGNORE_TERM, READY)).listener(listener).start();
        tor.awaitBootstrap(LONG);
        tor.stop(Duration.ofMillis(100));
        assertFalse(tor.isAlive());
        assertTrue(ended.await(30, TimeUnit.SECONDS));
    }

    @Test
    void shouldStopAtOnceAndKeepTheInterruptWhenInterrupted() throws IOException, InterruptedException {
        TorProcess tor = builder(FakeTor.make(folder, FakeTor.IGNORE_TERM, READY)).start();
        tor.awaitBootstrap(LONG);
        Thread.currentThread().interrupt();
        tor.stop(Duration.ofDays(1));
        assertTrue(Thread.interrupted(), "the interrupt is kept");
        assertFalse(tor.isAlive());
    }

    @Test
    void shouldOutliveAListenerThatFails() throws IOException, InterruptedException {
        TorListener listener = new TorListener() {
            @Override
            public void line(TorLogLine line) {
                throw new IllegalStateException("as the test wants it");
            }
        };
        try (TorProcess tor = builder(FakeTor.make(folder, FakeTor.STAY, READY)).listener(listener).start()) {
            tor.awaitBootstrap(LONG);
        }
    }

    @Test
    void shouldKeepTheTerminalsSignalsFromTor() throws IOException, InterruptedException {
        assumeTrue(TorPrograms.setsid().isPresent(), "setsid of util-linux is missing");
        try (TorProcess tor = builder(FakeTor.make(folder, FakeTor.STAY, READY)).start()) {
            tor.awaitBootstrap(LONG);
            String stat = Files.readString(Path.of("/proc", Long.toString(tor.pid()), "stat"));
            // After the name in brackets: state, parent, process group, session (proc(5)).
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            assertEquals(ProcessHandle.current().pid(), Long.parseLong(fields[1]));
            assertEquals(tor.pid(), Long.parseLong(fields[2]));
        }
    }

    @Test
    void shouldNameTheCureWhenThereIsNoTor() {
        TorStartException failure = assertThrows(TorStartException.class,
                () -> TorPrograms.require("tor-that-is-not-there", folder.toString()));
        assertEquals(Reason.PROGRAM_MISSING, failure.reason());
        assertEquals("the program tor-that-is-not-there was not found; install it with: sudo apt-get install tor",
                failure.getMessage());
        failure = assertThrows(TorStartException.class, () -> builder(folder.resolve("none")).start());
        assertEquals(Reason.PROGRAM_MISSING, failure.reason());
        assertTrue(failure.getMessage().contains("apt-get install tor"), failure.getMessage());
    }

    @Test
    void shouldFindAProgramOnThePath() throws IOException {
        Path program = FakeTor.make(folder, FakeTor.STAY);
        assertEquals(program, TorPrograms.find("tor", "/nonexistent::" + folder).orElseThrow());
    }

    @Test
    void shouldRefuseADataDirectoryThatIsAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("data"));
        TorStartException failure = assertThrows(TorStartException.class,
                () -> builder(FakeTor.make(folder, FakeTor.STAY)).start());
        assertEquals(Reason.DATA_DIRECTORY, failure.reason());
        assertTrue(failure.getMessage().contains(file.toString()), failure.getMessage());
    }

    @Test
    void shouldKeepASecondQtopOutOfAnOwnDataDirectory() throws IOException, InterruptedException {
        Path program = FakeTor.make(folder, FakeTor.STAY, READY);
        Path data = folder.resolve("own");
        try (TorProcess first = TorProcess.ownClient(data).program(program).start()) {
            first.awaitBootstrap(LONG);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
            TorStartException failure = assertThrows(TorStartException.class,
                    () -> TorProcess.ownClient(data).program(program).start());
            assertEquals(Reason.DATA_DIRECTORY, failure.reason());
            assertTrue(failure.getMessage().startsWith("another qtop uses"), failure.getMessage());
        }
        try (TorProcess second = TorProcess.ownClient(data).program(program).start()) {
            second.awaitBootstrap(LONG);
        }
    }

    @Test
    void shouldWaitForTheTorOfAKilledQtop() throws IOException, InterruptedException {
        Path data = folder.resolve("own");
        Folders.makePrivate(data);
        Process orphan = new ProcessBuilder("sleep", "600").start();
        try {
            DataDirectoryLock lock = DataDirectoryLock.take(data);
            lock.note(orphan.toHandle());
            lock.release();
            CountDownLatch taken = new CountDownLatch(1);
            Thread next = new Thread(() -> {
                try {
                    DataDirectoryLock.take(data).release();
                    assertFalse(orphan.isAlive());
                    taken.countDown();
                } catch (IOException | InterruptedException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            next.start();
            while (next.getState() != Thread.State.TIMED_WAITING) {
                assertTrue(next.isAlive(), "it waits while the orphan runs");
                Thread.onSpinWait();
            }
            orphan.destroyForcibly();
            assertTrue(taken.await(30, TimeUnit.SECONDS));
        } finally {
            orphan.destroyForcibly();
        }
    }

    @Test
    void shouldWriteATorrcThatEndsWithItsOwner() {
        String text = TorProcess.ownClient(Path.of("/a \"b\" #c")).torrc();
        assertEquals("""
                DataDirectory "/a \\"b\\" #c"
                Log notice stdout
                __OwningControllerProcess %d
                ControlPortWriteToFile "/a \\"b\\" #c/control_port"
                SocksPort auto
                ControlPort auto
                CookieAuthentication 1
                AvoidDiskWrites 1
                """.formatted(ProcessHandle.current().pid()), text);
    }

    @Test
    void shouldRefuseALineThatHoldsAnother() {
        TorProcessBuilder builder = TorProcess.builder(folder).lines(List.of("SocksPort 0\nControlPort 9051"));
        assertThrows(IllegalArgumentException.class, builder::torrc);
    }

    /** Else every tor of a service tells systemd that it is ready, and the journal fills with refusals. */
    @Test
    void shouldNotHandOnWhatSystemdGaveToQtop() {
        Map<String, String> environment = new HashMap<>(Map.of("NOTIFY_SOCKET", "/run/systemd/notify",
                "WATCHDOG_PID", "1", "WATCHDOG_USEC", "60000000", "PATH", "/usr/bin"));
        TorProcessBuilder.withoutService(environment);
        assertEquals(Map.of("PATH", "/usr/bin"), environment);
    }
}
