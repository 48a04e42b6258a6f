package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.qtop.proxy.privatenet.TorStartException.Reason;

/**
 * Keeps two qtops out of one data directory: a lock on its file {@code qtop.lock}, which the system drops when we die.
 *
 * <p>The file also names the tor in charge. A tor whose qtop was killed lives on until it notices, and refuses the
 * directory to its successor meanwhile; the next owner waits for it. Thread-safe.
 */
final class DataDirectoryLock {
    /** Tor looks for its owner every 15 s ({@code procmon.c}); a few more for a busy machine. */
    private static final Duration ORPHAN_PATIENCE = Duration.ofSeconds(25);
    private static final long POLL_MILLIS = 50;

    private final FileChannel channel;

    private DataDirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    static DataDirectoryLock take(Path folder) throws IOException, InterruptedException {
        FileChannel channel = FileChannel.open(folder.resolve("qtop.lock"), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            if (!tryLock(channel)) {
                throw new TorStartException(Reason.DATA_DIRECTORY, "another qtop uses tor's data directory " + folder
                        + "; stop it, or choose another folder");
            }
            awaitOrphan(channel, folder);
            taken = true;
            return new DataDirectoryLock(channel);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static void awaitOrphan(FileChannel channel, Path folder) throws IOException, InterruptedException {
        ByteBuffer noted = ByteBuffer.allocate(128);
        channel.read(noted, 0);
        Optional<ProcessHandle> orphan = find(new String(noted.array(), 0, noted.position(), StandardCharsets.UTF_8));
        if (orphan.isEmpty()) {
            return;
        }
        Deadline deadline = Deadline.in(ORPHAN_PATIENCE);
        while (runs(orphan.get())) {
            if (deadline.past()) {
                throw new TorStartException(Reason.DATA_DIRECTORY, "a tor that an earlier qtop started, process "
                        + orphan.get().pid() + ", still uses the data directory " + folder + "; stop it");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Whether a process runs; one that has ended and that nobody has asked after, a zombie, does not. */
    static boolean runs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
        } catch (IOException | StringIndexOutOfBoundsException unknown) {
            return process.isAlive();
        }
    }

    /** The process that the note names, if it is still that one: ids are used again, start times with them are not. */
    private static Optional<ProcessHandle> find(String note) {
        String[] parts = note.strip().split(" ");
        if (parts.length != 2 || !parts[0].matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(parts[0])).filter(found -> startOf(found).equals(parts[1]));
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    /** Writes down which tor is in charge. */
    void note(ProcessHandle tor) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((tor.pid() + " " + startOf(tor) + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** Gives the directory up; harmless a second time. */
    void release() {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // The lock goes with the channel either way.
        }
    }
}
