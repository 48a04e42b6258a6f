package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qtop.proxy.privatenet.TorStartException.Reason;

/**
 * Describes a {@link TorProcess} and starts it.
 *
 * <p>Confined to one thread. A builder may start several processes one after another, never two at a time in one data
 * directory.
 */
public final class TorProcessBuilder {

    /** What systemd sets for a service (systemd.exec(5), sd_notify(3), sd_watchdog_enabled(3)). */
    private static final Set<String> SERVICE_VARIABLES = Set.of("NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC");

    private final Path dataDirectory;
    private final List<String> lines = new ArrayList<>();
    private String name = "client";
    private Path program;
    private TorListener listener = TorListener.NONE;
    private boolean exclusive;

    TorProcessBuilder(Path dataDirectory) {
        this.dataDirectory = dataDirectory.toAbsolutePath().normalize();
    }

    /**
     * Names the process in messages and in its thread's name.
     *
     * @param newName a short word; the default is {@code client}
     * @return this builder
     */
    public TorProcessBuilder name(String newName) {
        name = newName;
        return this;
    }

    /**
     * Chooses the program; by default {@link TorPrograms#tor()} finds it at the start.
     *
     * @param newProgram path of a tor
     * @return this builder
     */
    public TorProcessBuilder program(Path newProgram) {
        program = newProgram;
        return this;
    }

    /**
     * Adds options. Of an option that takes one value, tor uses the last line.
     *
     * @param newLines lines of a torrc, without line ends
     * @return this builder
     */
    public TorProcessBuilder lines(List<String> newLines) {
        lines.addAll(newLines);
        return this;
    }

    /**
     * Sets who hears what tor says.
     *
     * @param newListener called on the thread that reads tor's log
     * @return this builder
     */
    public TorProcessBuilder listener(TorListener newListener) {
        listener = newListener;
        return this;
    }

    /**
     * Takes a lock on the data directory, so that no second qtop uses it at the same time, and waits for a tor that a
     * killed qtop left there to end.
     *
     * @return this builder
     */
    public TorProcessBuilder exclusive() {
        exclusive = true;
        return this;
    }

    /**
     * Returns the text of the torrc that {@link #start()} writes.
     *
     * @return the text: what qtop always sets, then the lines that were added
     * @throws IllegalArgumentException if a line holds a line end
     */
    public String torrc() {
        List<String> all = new ArrayList<>();
        all.add("DataDirectory " + Torrc.quoted(dataDirectory));
        all.add("Log notice stdout");
        all.add("__OwningControllerProcess " + ProcessHandle.current().pid());
        if (Torrc.sets(lines, "ControlPort")) {
            all.add("ControlPortWriteToFile " + Torrc.quoted(dataDirectory.resolve("control_port")));
        }
        all.addAll(lines);
        return Torrc.text(all);
    }

    Path cookieFile() {
        return TorProcess.cookieFile(dataDirectory);
    }

    /**
     * Writes the torrc and starts tor; returns as soon as the process runs.
     *
     * @return the running process; the caller stops it
     * @throws TorStartException if there is no tor, the data directory cannot be used or another qtop uses it
     * @throws InterruptedException if this thread is interrupted while it waits for a tor of a killed qtop
     */
    public TorProcess start() throws TorStartException, InterruptedException {
        Path tor = program == null ? TorPrograms.tor() : program;
        DataDirectoryLock lock = null;
        try {
            Folders.makePrivate(dataDirectory);
            lock = exclusive ? DataDirectoryLock.take(dataDirectory) : null;
            Path torrc = dataDirectory.resolve("torrc");
            Path defaults = dataDirectory.resolve("torrc-defaults");
            Files.writeString(torrc, torrc(), StandardCharsets.UTF_8);
            Files.writeString(defaults, "", StandardCharsets.UTF_8);
            TorProcess started = launch(tor, torrc, defaults, lock);
            lock = null;
            return started;
        } catch (TorStartException failure) {
            throw failure;
        } catch (IOException failure) {
            throw new TorStartException(Reason.DATA_DIRECTORY,
                    "tor's data directory " + dataDirectory + " cannot be used: " + failure.getMessage(), failure);
        } finally {
            if (lock != null) {
                lock.release();
            }
        }
    }

    /** What systemd gave to qtop is not for tor, which would report itself as the service. */
    static void withoutService(Map<String, String> environment) {
        environment.keySet().removeAll(SERVICE_VARIABLES);
    }

    private TorProcess launch(Path tor, Path torrc, Path defaults, DataDirectoryLock lock) throws IOException {
        if (!Files.isRegularFile(tor) || !Files.isExecutable(tor)) {
            throw new TorStartException(Reason.PROGRAM_MISSING,
                    "there is no program " + tor + "; install it with: sudo apt-get install tor");
        }
        List<String> command = new ArrayList<>();
        TorPrograms.setsid().ifPresent(program -> command.add(program.toString()));
        command.addAll(List.of(tor.toString(), "-f", torrc.toString(), "--defaults-torrc", defaults.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        withoutService(builder.environment());
        Process process = builder.start();
        Runnable afterEnd = lock == null ? () -> { } : lock::release;
        TorProcess started = new TorProcess(name, dataDirectory, process, listener, afterEnd);
        started.readLogInBackground();
        if (lock != null) {
            lock.note(process.toHandle());
        }
        process.getOutputStream().close();
        return started;
    }
}
