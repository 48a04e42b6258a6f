package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.qtop.engine.verify.ReleaseRecord;
import org.qtop.proxy.audit.Release;
import org.qtop.proxy.stream.Kind;

class DemoCommandTest {

    private static Release release(long stream, long circuit, long holdNanos, long latenessNanos, long phase,
            long winding) {
        return new Release(new ReleaseRecord(stream, circuit, 0, holdNanos, latenessNanos, 0, phase, winding, 1,
                "uniform:100000:10000000"), Kind.CONNECT);
    }

    @Test
    void shouldPrintATableOfReleasesAndWhatTheVerifierSays() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        DemoCommand.printTable(List.of(release(123, 45, 1_234_567, 89_012, 0xfedcba9876543210L, 3),
                        release(0, 0, 10_000_000, 0, 0, 0)), 2, new DemoCommand.Outcome(29, 1, 0, 1, 4),
                Console.to(new PrintStream(printed, true, StandardCharsets.UTF_8), false));
        assertEquals(List.of("",
                "  stream circuit     hold ms  lateness ms             phase  winding",
                "     123      45       1.235        0.089  fedcba9876543210        3",
                "       -       -      10.000        0.000  0000000000000000        0",
                "",
                "29 of 30 pages arrived whole, on 1 circuits; 1 of 30 streams matched to Tor's stream and circuit",
                "Verifier: 2 releases, 0 early, 4 violations"),
                printed.toString(StandardCharsets.UTF_8).lines().toList());
    }
}
