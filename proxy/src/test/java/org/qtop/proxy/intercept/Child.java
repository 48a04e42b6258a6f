package org.qtop.proxy.intercept;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code qtop} of its own process. For tests. */
final class Child implements AutoCloseable {

    private static final long START_SECONDS = 60;

    final Process process;
    private final List<String> lines = new ArrayList<>();

    /** Starts a command. */
    Child(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.qtop.proxy.cli.Main"));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reader = new Thread(this::read, "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader in = process.inputReader()) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            // It ended.
        }
    }

    /** Waits for a line that holds this; returns it. */
    String await(String part) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        synchronized (lines) {
            while (true) {
                for (String line : lines) {
                    if (line.contains(part)) {
                        return line;
                    }
                }
                if (System.nanoTime() - end > 0 || !process.isAlive() && lines.isEmpty()) {
                    throw new AssertionError("no line with \"" + part + "\" in " + lines);
                }
                lines.wait(50);
            }
        }
    }

    /** Ends it as Ctrl-C does; returns its exit code. */
    int stop() throws InterruptedException {
        process.toHandle().destroy();
        return end();
    }

    /** Waits for its end; returns its exit code. */
    int end() throws InterruptedException {
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end: " + text());
        }
        return process.exitValue();
    }

    /** All it has said. */
    String text() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
