package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qtop.proxy.Sources;

class ExplainCommandTest {

    private static final String[] DOCUMENTED = {"explain", "--min-hold", "0.1ms", "--max-hold", "10ms", "--apart",
        "2ms"};

    @TempDir
    private Path folder;

    private record Outcome(int code, String out, String err) {
    }

    private static Outcome run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int code = Main.execute(arguments);
            return new Outcome(code, outBytes.toString(StandardCharsets.UTF_8),
                    errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void shouldPrintTheGuarantee() {
        Outcome outcome = run(DOCUMENTED);
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(Pattern.compile("total variation +0\\.202\n").matcher(outcome.out()).find(), outcome.out());
        assertTrue(Pattern.compile("uniform +variation 0\\.202, best guess 0\\.601\n").matcher(outcome.out()).find());
        assertTrue(outcome.out().contains("an observer at both ends of a circuit"));
        assertTrue(outcome.out().contains("volumes"));
        assertTrue(outcome.out().contains("anything after the first relay"));
    }

    @Test
    void shouldStandInTheReadmeAsItIs() throws Exception {
        List<String> readme = Files.readAllLines(Sources.project().resolve("README.md"));
        int at = readme.indexOf("    scripts/qtop " + String.join(" ", DOCUMENTED));
        assertTrue(at >= 0, "the README lacks the command");
        for (String line : run(DOCUMENTED).out().lines().toList()) {
            assertEquals(line.isEmpty() ? "" : "    " + line, readme.get(++at + 1));
        }
    }

    @Test
    void shouldTakeStreamsTogether() {
        Outcome outcome = run("explain", "--apart=0.99ms", "--streams=5");
        assertTrue(Pattern.compile("With 5 streams[^\n]*\n +total variation +0\\.410\n").matcher(outcome.out()).find(),
                outcome.out());
    }

    @Test
    void shouldExplainTheExponentialLaw() {
        Outcome outcome = run("explain", "--distribution", "exponential:3ms", "--apart", "2ms");
        assertTrue(outcome.out().startsWith("Holds: exponential from 0.1 ms to 10 ms"), outcome.out());
        assertTrue(outcome.out().contains("exponential, mean 3.1 ms before the cut"), outcome.out());
    }

    @ParameterizedTest
    @CsvSource({"--apart 0", "--apart 2h", "--apart soon", "--streams 0", "--streams 1000001", "--max-hold 61s",
        "--plot"})
    void shouldNameWhatIsWrong(String option) {
        Outcome outcome = run(("explain " + option).split(" "));
        assertEquals(ExitCode.USAGE.code(), outcome.code());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().contains(option.split(" ")[0]), outcome.err());
    }

    @Test
    void shouldDrawAPicture() throws Exception {
        Path file = folder.resolve("success.png");
        assertEquals(0, run("explain", "--plot", file.toString()).code());
        var picture = javax.imageio.ImageIO.read(file.toFile());
        assertEquals(960, picture.getWidth());
        assertEquals(600, picture.getHeight());
        Outcome outcome = run("explain", "--plot", folder.resolve("missing/a.png").toString());
        assertEquals(ExitCode.FILE.code(), outcome.code());
        assertTrue(outcome.err().contains("no such file"), outcome.err());
    }

    @Test
    void shouldExplainNoHoldAtAll() {
        Outcome outcome = run("explain", "--min-hold", "0", "--max-hold", "0", "--plot",
                folder.resolve("none.png").toString());
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().contains("1.000"), outcome.out());
    }
}
