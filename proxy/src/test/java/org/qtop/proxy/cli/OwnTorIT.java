package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.privatenet.TorPrograms;

/**
 * The Tor that qtop starts itself when it finds none. A program {@code tor} in front of the real one gives it the
 * private network for the public one, or none, so that no test leaves this machine.
 */
@ExtendWith(PrivateNetworkExtension.class)
class OwnTorIT {

    /** Tor looks for its owner every 15 s. */
    private static final Duration GONE = Waiting.LONG.plusSeconds(15);

    private static PrivateNetwork network;
    private static Site site;

    @TempDir
    private Path folder;

    @BeforeAll
    static void share(PrivateNetwork shared, Site sharedSite) {
        network = shared;
        site = sharedSite;
    }

    @BeforeEach
    void requireNoTorAtTheUsualPorts() throws IOException {
        for (int port : new int[] {9050, 9051}) {
            assumeFalse(QtopChild.answers(new InetSocketAddress("127.0.0.1", port)),
                    "port " + port + " is in use, perhaps by a Tor of this machine");
        }
    }

    private QtopChild run(Path home, String torArguments, String... more) throws IOException {
        Path programs = Files.createDirectories(folder.resolve("bin"));
        Path program = Files.writeString(programs.resolve("tor"),
                "#!/bin/sh\nexec " + TorPrograms.tor() + " \"$1\" \"$2\" " + torArguments + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        String[] arguments = Stream.concat(Stream.of("run", "--listen", "127.0.0.1:0", "--journal", "journal",
                "--log-level", "trace"), Stream.of(more)).toArray(String[]::new);
        return QtopChild.start(home, Map.of("PATH", programs + ":" + System.getenv("PATH")), List.of(), arguments);
    }

    /** As if the private network were the public one. */
    private QtopChild runOnTheNetwork() throws IOException {
        List<String> lines = Files.readAllLines(network.folder().resolve("client").resolve("torrc")).stream()
                .filter(line -> line.matches("(TestingTorNetwork|DirAuthority|OutboundBindAddress) .*")).toList();
        return run(folder, "--defaults-torrc " + Files.write(folder.resolve("network"), lines));
    }

    private QtopChild runWithoutNetwork(String home, String... more) throws IOException {
        return run(folder.resolve(home), "--defaults-torrc /dev/null --DisableNetwork 1", more);
    }

    private static ProcessHandle torOf(QtopChild qtop) throws Exception {
        Waiting.until(Waiting.LONG, () -> "a tor of qtop's own; it said " + qtop.said(), () -> !qtop.tors().isEmpty());
        return qtop.tors().get(0);
    }

    private static void awaitGone(ProcessHandle tor) throws Exception {
        Waiting.until(GONE, "the end of tor", () -> !QtopChild.runs(tor));
    }

    @Test
    void shouldStartATorAndStartItAgainWhenItEnds() throws Exception {
        try (QtopChild qtop = runOnTheNetwork()) {
            assertTrue(site.fetch(qtop.address(), 1, 1_000), qtop::said);
            assertTrue(qtop.releases(1).get(0).matched());
            ProcessHandle first = torOf(qtop);
            first.destroyForcibly();
            qtop.awaitErr("our own Tor is back");
            qtop.awaitErr("the control port is back");
            Waiting.until(Waiting.LONG, () -> "a page after the restart; " + qtop.said(), () -> arrives(qtop));
            int before = Files.readAllLines(qtop.journal()).size();
            assertTrue(site.fetch(qtop.address(), 2, 1_000), qtop::said);
            qtop.awaitMatchedPast(before);
            ProcessHandle second = torOf(qtop);
            assertNotEquals(first.pid(), second.pid());
            qtop.stop();
            assertTrue(!QtopChild.runs(second), "tor lives on");
            assertEquals(1, qtop.err().stream().filter(line -> line.contains("our own Tor ended")).count(), qtop::said);
        }
    }

    private static boolean arrives(QtopChild qtop) throws Exception {
        try {
            return site.fetch(qtop.address(), 3, 1_000);
        } catch (IOException notYet) {
            return false;
        }
    }

    @Test
    void shouldTakeItsTorAlongAfterSigkill() throws Exception {
        try (QtopChild qtop = runOnTheNetwork()) {
            assertTrue(site.fetch(qtop.address(), 1, 1_000), qtop::said);
            ProcessHandle tor = torOf(qtop);
            qtop.kill();
            awaitGone(tor);
        }
    }

    @Test
    void shouldTakeItsTorAlongAfterSigkillDuringTheBootstrap() throws Exception {
        try (QtopChild qtop = runWithoutNetwork("home")) {
            qtop.awaitOut("Tor 0%");
            ProcessHandle tor = torOf(qtop);
            qtop.kill();
            awaitGone(tor);
        }
    }

    @Test
    void shouldEndDuringTheBootstrap() throws Exception {
        try (QtopChild qtop = runWithoutNetwork("home")) {
            qtop.awaitOut("Tor 0%");
            ProcessHandle tor = torOf(qtop);
            qtop.terminate();
            assertEquals(ExitCode.OK.code(), qtop.exitCode(Waiting.LONG), qtop::said);
            assertTrue(!QtopChild.runs(tor), "tor lives on");
            assertEquals(List.of(), qtop.err());
            qtop.assertNothingLeft();
        }
    }

    @Test
    void shouldRunBesideAnotherInAFolderOfItsOwnOnly() throws Exception {
        Path data = folder.resolve("data");
        try (QtopChild first = runWithoutNetwork("first", "--data-dir", data.toString())) {
            first.awaitOut("Tor 0%");
            ProcessHandle tor = torOf(first);
            try (QtopChild second = QtopChild.start(folder.resolve("second"), "run", "--listen", "127.0.0.1:0",
                    "--data-dir", data.toString())) {
                assertEquals(ExitCode.TOR_START.code(), second.exitCode(Waiting.LONG), second::said);
                String line = String.join("\n", second.err());
                assertTrue(line.contains(data.toString()) && line.contains("--data-dir"), line);
                assertTrue(line.contains("another qtop uses"), () -> "it took that qtop's tor for an orphan: " + line);
                assertEquals(1, second.err().size(), line);
            }
            try (QtopChild third = runWithoutNetwork("third")) {
                third.awaitOut("Tor 0%");
                third.stop();
            }
            assertTrue(QtopChild.runs(tor), "the first one's tor is gone");
            first.stop();
        }
    }
}
