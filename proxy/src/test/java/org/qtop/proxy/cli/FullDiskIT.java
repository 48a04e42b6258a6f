package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.audit.JournalLine;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** A journal that cannot be written: streams go on, and what is written stays readable. */
@ExtendWith(PrivateNetworkExtension.class)
class FullDiskIT {

    private static final String COMPLAINT = "the journal cannot be written";
    private static final int STREAMS = 10;

    private static PrivateNetwork network;
    private static Site site;

    @TempDir
    private Path folder;

    @BeforeAll
    static void share(PrivateNetwork shared, Site sharedSite) {
        network = shared;
        site = sharedSite;
    }

    private QtopChild run(String journal) throws IOException {
        return QtopChild.start(folder, "run", "--listen", "127.0.0.1:0", "--journal", journal, "--log-level", "error",
                "--tor-socks", QtopChild.text(network.socks()), "--tor-control", QtopChild.text(network.control()));
    }

    private static void fetch(QtopChild qtop, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertTrue(site.fetch(qtop.address(), i, 1_000), qtop::said);
        }
    }

    @Test
    void shouldCarryStreamsAndSaySoOnce() throws Exception {
        try (QtopChild qtop = run("/dev/full")) {
            fetch(qtop, 3);
            qtop.stop();
            assertEquals(1, qtop.err().size(), qtop::said);
            assertTrue(qtop.err().get(0).contains(COMPLAINT), qtop::said);
            assertTrue(qtop.out().get(qtop.out().size() - 1).endsWith(", 3 lines missing in the journal"), qtop::said);
        }
    }

    /** A limit on the size of files cuts a line in two, as a full disk does. */
    @Test
    void shouldWriteNoHalfOfALine() throws Exception {
        Path prlimit = Path.of("/usr/bin/prlimit");
        Assumptions.assumeTrue(Files.isExecutable(prlimit), "the program prlimit is missing");
        try (QtopChild qtop = run("journal")) {
            fetch(qtop, STREAMS);
            qtop.releases(STREAMS);
            for (int cuts = 1; cuts <= 2; cuts++) {
                limit(qtop, prlimit, Long.toString(Files.size(qtop.journal()) + 100));
                fetch(qtop, 1);
                awaitComplaints(qtop, cuts);
                limit(qtop, prlimit, "unlimited");
                fetch(qtop, 1);
                qtop.releases(STREAMS + cuts);
            }
            qtop.stop();
            assertEquals(STREAMS + 2, qtop.releases(STREAMS + 2).size());
            assertEquals(List.of(), Files.readAllLines(qtop.journal()).stream()
                    .filter(line -> !JournalLine.read(line).matched()).toList());
            assertTrue(Files.readString(qtop.journal()).endsWith("}\n"));
        }
    }

    /** A line is written, or not, a moment after its stream has been carried. */
    private static void awaitComplaints(QtopChild qtop, int count) throws Exception {
        Waiting.until(Waiting.LONG, () -> "complaint " + count + "; qtop said " + qtop.said(),
                () -> qtop.err().stream().filter(line -> line.contains(COMPLAINT)).count() == count);
    }

    private static void limit(QtopChild qtop, Path prlimit, String bytes) throws Exception {
        assertEquals(0, new ProcessBuilder(prlimit.toString(), "--pid", Long.toString(qtop.handle().pid()),
                "--fsize=" + bytes + ":unlimited").inheritIO().start().waitFor());
    }
}
