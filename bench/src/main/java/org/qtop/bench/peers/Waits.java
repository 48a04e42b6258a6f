package org.qtop.bench.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;
import org.qtop.bench.load.SetupLoad;

/**
 * The floor of punctuality ({@code bench/src/main/c/waits.c}): a program that only waits beside whatever else runs. Not
 * thread-safe.
 */
final class Waits implements AutoCloseable {

    private final Process process;
    private final CompletableFuture<String> said;

    private Waits(Process process) {
        this.process = process;
        this.said = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Begins to wait, again and again.
     *
     * @param root the checkout
     * @param seconds how long in all
     * @return empty if the program was not compiled, for want of a C compiler
     */
    static Optional<Waits> begin(Path root, double seconds) throws IOException {
        Path program = root.resolve("bench/target/waits");
        return Files.isExecutable(program) ? Optional.of(new Waits(new ProcessBuilder(
                List.of(program.toString(), String.format(Locale.ROOT, "%.3f", seconds))).start())) : Optional.empty();
    }

    /** Waits for its end; returns how late each wait ended, in nanoseconds. */
    Histogram lateness() {
        Histogram late = SetupLoad.histogram();
        said.join().lines().forEach(line -> late.recordValue(Long.parseLong(line)));
        return late;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
