package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.qtop.proxy.privatenet.TorStartException.Reason;

/**
 * A helper program that runs to its end, with its output in a file so that nothing can block on a full pipe.
 *
 * <p>Confined to one thread.
 */
final class Command implements AutoCloseable {
    private final String what;
    private final Path output;
    private final Process process;

    private Command(String what, Path output, Process process) {
        this.what = what;
        this.output = output;
        this.process = process;
    }

    static Command start(Path program, List<String> arguments, Path folder, String input) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(program.toString());
        line.addAll(arguments);
        Path output = folder.resolve(program.getFileName() + ".out");
        Process process = new ProcessBuilder(line).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        Command command = new Command(program.getFileName().toString(), output, process);
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException endedEarly) {
            // Its exit code tells.
        }
        return command;
    }

    /** Waits for the end and returns what the program printed. */
    String finish(Deadline deadline) throws IOException, InterruptedException {
        if (!process.waitFor(deadline.leftNanos(), TimeUnit.NANOSECONDS)) {
            throw new TorStartException(Reason.NOT_IN_TIME, what + " did not end in time");
        }
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        if (process.exitValue() != 0) {
            List<String> said = printed.strip().lines().toList();
            throw new TorStartException(Reason.ENDED, what + " ended with exit code " + process.exitValue() + ": "
                    + String.join(" | ", said.subList(Math.max(0, said.size() - 3), said.size())));
        }
        return printed;
    }

    /** Makes sure that the program is gone. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
