package org.qtop.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class LaunchTest {

    @Command(name = "broken")
    private static final class Broken implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("a fault of ours");
        }
    }

    private static String errors(int code, Class<?> command, String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            assertEquals(code, Launch.run(command, arguments));
        } finally {
            System.setErr(before);
        }
        return errors.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldNameWhatIsNotThereInOneLine() {
        String load = errors(2, Lateness.class, "--root", ".", "--only", "moon");
        assertTrue(load.startsWith("bench: \"moon\" is in the name of no load: "), load);
        assertEquals(1, load.lines().count(), load);
        String peer = errors(2, Compare.class, "--root", ".", "--into", "none", "--against", "moon");
        assertTrue(peer.startsWith("bench: \"moon\" is none of direct, "), peer);
        assertEquals(1, peer.lines().count(), peer);
    }

    @Test
    void shouldTellWhereAFaultOfOursIs() {
        String fault = errors(1, Broken.class);
        assertTrue(fault.contains("a fault of ours") && fault.contains("LaunchTest$Broken.call"), fault);
    }
}
