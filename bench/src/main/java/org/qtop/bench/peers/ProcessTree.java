package org.qtop.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process and its descendants use. Not thread-safe.
 *
 * <p>Source: proc(5), {@code stat} and {@code status}.
 */
final class ProcessTree {

    /** Fields of {@code stat} behind the name in brackets, where state is 0: utime, stime, cutime, cstime. */
    private static final int USER_TIME = 11;
    private static final int OF_CHILDREN = 15;
    /** The unit of those times is a hundredth of a second on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;
    private static final double KIB_PER_MB = 1e6 / 1024;

    private final ProcessHandle root;

    ProcessTree(ProcessHandle root) {
        this.root = root;
    }

    private List<ProcessHandle> all() {
        return Stream.concat(Stream.of(root), root.descendants()).toList();
    }

    /** Processor time since the start, in seconds, of children that have ended too. */
    double cpuSeconds() throws IOException {
        double ticks = 0;
        for (ProcessHandle process : all()) {
            ticks += ticks(read(process, "stat"));
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** The times in a line of {@code stat}, in ticks. */
    static long ticks(String stat) {
        if (stat.isEmpty()) {
            return 0;
        }
        // The name may hold blanks and brackets of its own.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ");
        long ticks = 0;
        for (int i = USER_TIME; i < OF_CHILDREN; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks;
    }

    /** Memory in use (VmRSS), in millions of bytes. What processes share counts once for each. */
    double megabytes() throws IOException {
        double sum = 0;
        for (ProcessHandle process : all()) {
            sum += resident(read(process, "status")) / KIB_PER_MB;
        }
        return sum;
    }

    /** VmRSS of a {@code status}, in KiB. */
    static long resident(String status) {
        return status.lines().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
    }

    /** Ends them all, the first one first. */
    void end() {
        List<ProcessHandle> all = all();
        root.destroy();
        try {
            root.onExit().get(5, java.util.concurrent.TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            root.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }

    private static String read(ProcessHandle process, String file) throws IOException {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (NoSuchFileException e) {
            // It has just ended.
            return "";
        }
    }
}
