package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** Where no more files may be opened, connections wait, or are refused; nothing is lost, and it passes. */
@ExtendWith(PrivateNetworkExtension.class)
class FilesExhaustedIT {

    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final String COMPLAINT = "connections cannot be accepted (";
    private static final int SERVED = 0;
    /** A general failure (RFC 1928, section 6). */
    private static final int REFUSED = 1;
    /** So many looks in a row, 5 ms apart, must show the same files. */
    private static final int LOOKS = 40;
    private static final int LIFTED = 1_000;

    private static PrivateNetwork network;
    private static Site site;

    @TempDir
    private Path folder;

    @BeforeAll
    static void share(PrivateNetwork shared, Site sharedSite) {
        network = shared;
        site = sharedSite;
    }

    @Test
    void shouldLetConnectionsWaitAndRefuseThoseThatCannotBePassedOn() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PRLIMIT), "the program prlimit is missing");
        try (QtopChild qtop = QtopChild.run(folder, network.socks(), network.control())) {
            assertTrue(site.fetch(qtop.address(), 0, 1_000), qtop::said);
            leaveFiles(qtop, 0);
            try (PlainStream waits = PlainStream.to(qtop.address())) {
                Waiting.until(Waiting.LONG, () -> "a complaint; qtop said " + qtop.said(), () -> complaints(qtop) > 0);
                limit(qtop, LIFTED);
                assertEquals(SERVED, replyTo(waits), qtop::said);
            }
            leaveFiles(qtop, 1);
            try (PlainStream noneForTor = PlainStream.to(qtop.address())) {
                assertEquals(REFUSED, replyTo(noneForTor), qtop::said);
            }
            limit(qtop, LIFTED);
            assertTrue(site.fetch(qtop.address(), 1, 1_000), qtop::said);
            assertFalse(qtop.err().stream().anyMatch(line -> line.contains("exceptionCaught()")), qtop::said);
            qtop.stop();
        }
    }

    private static int replyTo(PlainStream stream) throws IOException {
        return stream.connect(Site.HOST, site.port())[1];
    }

    /** Once the connections of before are closed, sets the limit under which so many files more can be opened. */
    private static void leaveFiles(QtopChild qtop, int free) throws Exception {
        AtomicReference<Set<Integer>> last = new AtomicReference<>(Set.of());
        AtomicInteger same = new AtomicInteger();
        Waiting.until(Waiting.LONG, "the same files open for a while", () -> {
            Set<Integer> now = open(qtop);
            return now.equals(last.getAndSet(now)) ? same.incrementAndGet() >= LOOKS : same.getAndSet(0) < 0;
        });
        limit(qtop, IntStream.iterate(0, file -> file + 1).filter(file -> !last.get().contains(file)).skip(free)
                .findFirst().orElseThrow());
    }

    private static Set<Integer> open(QtopChild qtop) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + qtop.handle().pid() + "/fd"))) {
            return files.map(file -> Integer.valueOf(file.getFileName().toString())).collect(Collectors.toSet());
        }
    }

    private static long complaints(QtopChild qtop) throws IOException {
        return qtop.err().stream().filter(line -> line.contains(COMPLAINT)).count();
    }

    private static void limit(QtopChild qtop, int files) throws Exception {
        assertEquals(0, new ProcessBuilder(PRLIMIT.toString(), "--pid", Long.toString(qtop.handle().pid()),
                "--nofile=" + files + ":").inheritIO().start().waitFor());
    }
}
