package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assumptions;

/** Runs programs of this machine in a folder of their own, which is also their home. For tests. */
final class Tool {

    private static final int SECONDS = 90;
    private static final long END_SECONDS = 60;
    private static final List<String> PLACES = List.of("/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/sbin");

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> prefix;

    /** What a program did. */
    record Outcome(int code, String out, String err) {
        Outcome good() {
            assertEquals(0, code, this::toString);
            return this;
        }
    }

    Tool(Path folder, String... prefix) {
        this.folder = folder;
        this.prefix = List.of(prefix);
    }

    /** Sets a variable for all that is run from now on. */
    Tool with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    static Optional<String> find(String program) {
        return PLACES.stream().map(place -> Path.of(place, program)).filter(Files::isExecutable).map(Path::toString)
                .findFirst();
    }

    /** Skips the test with a reason unless all of these are here. */
    static void need(String... programs) {
        for (String program : programs) {
            Assumptions.assumeTrue(find(program).isPresent(), "the program " + program + " is missing");
        }
    }

    /** A script of this project. */
    static String script(String name) {
        return Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("../scripts").resolve(name)
                .normalize().toString();
    }

    /** Starts a program; what it says goes to the files {@code NAME.out} and {@code NAME.err}. */
    Process start(String name, String... command) throws IOException {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        all.set(0, find(all.get(0)).orElse(all.get(0)));
        ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .redirectError(folder.resolve(name + ".err").toFile());
        builder.environment().keySet().removeIf(key -> key.endsWith("_proxy") || key.endsWith("_PROXY")
                || key.startsWith("GIT_") || key.startsWith("SSH_"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Runs a program to its end. */
    Outcome run(String... command) throws IOException, InterruptedException {
        String name = Path.of(command[0]).getFileName().toString();
        Process process = start(name, command);
        try {
            assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), () -> name + " did not end; " + said(name));
        } finally {
            end(process);
        }
        return new Outcome(process.exitValue(), text(name + ".out"), text(name + ".err"));
    }

    private String text(String file) throws IOException {
        return Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
    }

    /** What a program said so far, for a message. */
    String said(String name) {
        try {
            return name + " said " + text(name + ".out") + text(name + ".err");
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Ends a program and all that it started; SIGTERM first. */
    static void end(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.toHandle().destroy();
        try {
            process.toHandle().onExit().get(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            process.toHandle().destroyForcibly();
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
