package org.qtop.bench.peers;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps this thread and the stand-in's on two processors while one waits for the other. Left to itself, the scheduler
 * has them on one processor in some runs and on two in others, and with no proxy between them a round trip takes a
 * quarter of the time on one: the ratio to it would be a matter of luck. Does nothing on a machine with one processor
 * or without {@code taskset}. Confined to one thread.
 */
final class Apart implements AutoCloseable {

    private static final String STAND_IN = "stand-in";
    private static final int FIRST = 2;
    private static final int LAST = 3;
    private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s*((\\d+)(?:.*\\D(\\d+))?)$");

    private final String mine = Long.toString(self());
    private final OptionalLong other = named(STAND_IN);
    /** Read before anything is changed: the Java machine counts the processors of the thread that asks. */
    private final Matcher allowed = allowed(mine);

    Apart() throws IOException {
        if (allowed.group(LAST) != null && other.isPresent()) {
            keep(Long.toString(other.getAsLong()), allowed.group(FIRST));
            keep(mine, allowed.group(LAST));
        }
    }

    /** Where a thread of this process may run. */
    private static Matcher allowed(String thread) throws IOException {
        Matcher list = ALLOWED.matcher(Files.readString(Path.of("/proc/self/task", thread, "status")));
        if (!list.find()) {
            throw new IOException("/proc/self/task/" + thread + "/status has no Cpus_allowed_list");
        }
        return list;
    }

    /** This thread's number. Source: proc(5), {@code thread-self}. */
    private static long self() throws IOException {
        return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
    }

    /** The number of a thread of this process whose name begins so. */
    static OptionalLong named(String name) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).startsWith(name)) {
                    return OptionalLong.of(Long.parseLong(thread.getFileName().toString()));
                }
            }
        }
        return OptionalLong.empty();
    }

    private static void keep(String thread, String processors) throws IOException {
        try {
            new ProcessBuilder("taskset", "-p", "-c", processors, thread).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException e) {
            // No taskset here.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Lets both go where this thread could go before. */
    @Override
    public void close() throws IOException {
        if (other.isPresent()) {
            keep(Long.toString(other.getAsLong()), allowed.group(1));
        }
        keep(mine, allowed.group(1));
    }
}
