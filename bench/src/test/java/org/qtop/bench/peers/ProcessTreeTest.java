package org.qtop.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {

    /** A name may hold what else separates the fields. */
    @Test
    void shouldReadTheTimesBehindAnyName() {
        assertEquals(5 + 7 + 11 + 13, ProcessTree.ticks(
                "42 (odd ) name) S 1 42 42 0 -1 4194560 100 200 0 0 5 7 11 13 20 0 1 0 99 1000 10"));
        assertEquals(0, ProcessTree.ticks(""));
    }

    @Test
    void shouldReadResidentMemory() {
        assertEquals(21_800, ProcessTree.resident("VmHWM:\t   30000 kB\nVmRSS:\t   21800 kB\nThreads:\t3\n"));
        assertEquals(0, ProcessTree.resident("Name:\tgone\n"));
    }

    @Test
    void shouldSeeAndEndAProcessWithItsChildren() throws IOException, InterruptedException {
        Process shell = new ProcessBuilder(List.of("sh", "-c", "sleep 60 & echo $!; wait")).start();
        long child = Long.parseLong(shell.inputReader().readLine());
        ProcessTree tree = new ProcessTree(shell.toHandle());
        assertTrue(tree.megabytes() > 0);
        ProcessHandle sleep = ProcessHandle.of(child).orElseThrow();
        tree.end();
        sleep.onExit().join();
        assertFalse(shell.isAlive());
    }
}
