package org.qtop.proxy.privatenet;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.qtop.proxy.privatenet.TorStartException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tor that runs as our child, from its start to its end.
 *
 * <p>Its torrc names our process as owner ({@code __OwningControllerProcess}), so it ends by itself, within tor's
 * polling time of 15 s, even if we are killed without a chance to stop it. Nothing of the machine's {@code /etc/tor} is
 * read. Only the process started here is ever signalled.
 *
 * <p>Thread-safe. {@link #stop}, {@link #kill} and {@link #close} may be called from a shutdown hook.
 */
public final class TorProcess implements AutoCloseable {
    /** How long {@link #close} lets tor end by itself before it is killed. */
    public static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(TorProcess.class);
    /** Problem lines kept for messages; tor's reasons come in its last two or three. */
    private static final int KEPT_PROBLEMS = 4;
    /** Warnings that every tor of ours gives and that explain nothing. */
    private static final List<String> NOISE = List.of("You are running Tor as root", "TestingTorNetwork is set",
            "You have used DirAuthority", "V3AuthVotingInterval is very low", "Could not open \"",
            "SR: Unable to read SR state", "Cannot open fingerprint file", "Received http status code 404");

    private final String name;
    private final Path dataDirectory;
    private final Process process;
    private final TorListener listener;
    private final Runnable afterEnd;

    // Guarded by this.
    private final Deque<String> problems = new ArrayDeque<>();
    private final List<TorLogLine.Listener> listeners = new ArrayList<>();
    private TorLogLine.Bootstrap progress;
    private String version = "";
    private boolean ended;
    private boolean stopping;

    TorProcess(String name, Path dataDirectory, Process process, TorListener listener, Runnable afterEnd) {
        this.name = name;
        this.dataDirectory = dataDirectory;
        this.process = process;
        this.listener = listener;
        this.afterEnd = afterEnd;
    }

    /**
     * Begins the description of a tor.
     *
     * @param dataDirectory tor's own folder; made with mode 0700 if it is not there
     * @return a builder with no options set
     */
    public static TorProcessBuilder builder(Path dataDirectory) {
        return new TorProcessBuilder(dataDirectory);
    }

    /**
     * Begins the description of a client on the public network, with a persistent data directory of its own that no
     * second qtop can use at the same time.
     *
     * @param dataDirectory tor's own folder; made with mode 0700 if it is not there
     * @return a builder with the options of a client set
     */
    public static TorProcessBuilder ownClient(Path dataDirectory) {
        return ownClient(dataDirectory, "auto", "auto");
    }

    /**
     * Begins the description of the same client on ports of the caller's choice, for starting it again where it was.
     *
     * @param dataDirectory tor's own folder; made with mode 0700 if it is not there
     * @param socks address and port, or {@code auto} to let tor choose
     * @param control address and port, or {@code auto} to let tor choose
     * @return a builder with the options of a client set
     */
    public static TorProcessBuilder ownClient(Path dataDirectory, String socks, String control) {
        return new TorProcessBuilder(dataDirectory).exclusive().lines(List.of("SocksPort " + socks,
                "ControlPort " + control, "CookieAuthentication 1", "AvoidDiskWrites 1"));
    }

    void readLogInBackground() {
        Thread thread = new Thread(this::readLog, "qtop-tor-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void readLog() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                hear(TorLogLine.parse(line));
            }
        } catch (IOException gone) {
            LOG.debug("The log of tor {} broke off.", name, gone);
        }
        int exitCode = awaitExitCode();
        // Before anybody hears of the end: who waits for it may start the next tor in the same folder at once.
        afterEnd.run();
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        tell(() -> listener.ended(exitCode));
    }

    private int awaitExitCode() {
        while (true) {
            try {
                return process.waitFor();
            } catch (InterruptedException nobodyInterruptsThisThread) {
                LOG.debug("Interrupted while waiting for tor {} to end.", name);
            }
        }
    }

    private void hear(TorLogLine line) {
        Optional<TorLogLine.Bootstrap> news = line.bootstrap();
        synchronized (this) {
            news.ifPresent(further -> progress = further);
            line.listener().ifPresent(listeners::add);
            line.version().ifPresent(found -> version = found);
            if (line.problem() && NOISE.stream().noneMatch(line.text()::startsWith)) {
                problems.addLast(line.text());
                if (problems.size() > KEPT_PROBLEMS) {
                    problems.removeFirst();
                }
            }
            notifyAll();
        }
        tell(() -> listener.line(line));
        news.ifPresent(further -> tell(() -> listener.bootstrap(further)));
    }

    private void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException fault) {
            LOG.warn("The listener of tor {} failed: {}", name, fault.toString());
        }
    }

    /**
     * Waits until tor has opened its ports, written its cookie and begun its bootstrap.
     *
     * @param limit how long to wait
     * @throws TorStartException if tor ends or has not come so far in time; the message quotes tor's last warnings
     * @throws InterruptedException if this thread is interrupted; tor goes on
     */
    public void awaitListening(Duration limit) throws TorStartException, InterruptedException {
        await(0, limit);
    }

    /**
     * Waits until tor can carry streams: its bootstrap is at 100%.
     *
     * @param limit how long to wait
     * @throws TorStartException if tor ends or has not come so far in time; the message quotes tor's last warnings
     * @throws InterruptedException if this thread is interrupted; tor goes on
     */
    public void awaitBootstrap(Duration limit) throws TorStartException, InterruptedException {
        await(100, limit);
    }

    private synchronized void await(int percent, Duration limit) throws TorStartException, InterruptedException {
        Deadline deadline = Deadline.in(limit);
        while (progress == null || progress.percent() < percent) {
            if (ended) {
                throw failure();
            }
            long left = deadline.leftNanos();
            if (left == 0) {
                throw new TorStartException(Reason.NOT_IN_TIME, "tor (" + name + ") was not ready after "
                        + limit.toSeconds() + " s: it stood at " + standing() + quotedProblems());
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
        }
    }

    /** Says why the process, which has ended, did so; first waits until its last lines are read. */
    synchronized TorStartException failure() {
        awaitLogEnd();
        if (stopping) {
            return new TorStartException(Reason.STOPPED, "tor (" + name + ") was stopped while it was starting");
        }
        boolean taken = problems.stream().anyMatch(text -> text.contains("Address already in use"));
        return new TorStartException(taken ? Reason.PORT_TAKEN : Reason.ENDED,
                "tor (" + name + ") ended with exit code " + process.exitValue() + " at " + standing()
                + quotedProblems());
    }

    private String standing() {
        return progress == null ? "its start" : progress.percent() + "% (" + progress.summary() + ")";
    }

    private String quotedProblems() {
        return problems.isEmpty() ? "; tor gave no reason"
                : "; tor said: " + problems.stream().collect(Collectors.joining(" | "));
    }

    /**
     * Waits until the process has ended and its log is read to the end.
     *
     * @throws InterruptedException if this thread is interrupted; tor goes on
     */
    public synchronized void awaitEnd() throws InterruptedException {
        while (!ended) {
            wait();
        }
    }

    /**
     * Returns tor's version.
     *
     * @return the version, such as {@code 0.4.9.11}; empty until tor has said it, at the latest when it listens
     */
    public synchronized String version() {
        return version;
    }

    /**
     * Returns how far tor has come.
     *
     * @return the last report, or empty before the first
     */
    public synchronized Optional<TorLogLine.Bootstrap> progress() {
        return Optional.ofNullable(progress);
    }

    /**
     * Returns the first SOCKS port that tor has opened.
     *
     * @return its address, or empty while there is none
     */
    public Optional<InetSocketAddress> socks() {
        return listeners("Socks").stream().findFirst();
    }

    /**
     * Returns the first control port that tor has opened.
     *
     * @return its address, or empty while there is none
     */
    public Optional<InetSocketAddress> control() {
        return listeners("Control").stream().findFirst();
    }

    /**
     * Returns the TCP ports of one kind that tor has opened, in that order.
     *
     * @param kind tor's word for it, such as {@code Socks} or {@code Control}
     * @return their addresses
     */
    public synchronized List<InetSocketAddress> listeners(String kind) {
        return listeners.stream().filter(open -> open.kind().equals(kind)).map(TorLogLine.Listener::address).toList();
    }

    /**
     * Returns where tor writes its control cookie when {@code CookieAuthentication 1} is set.
     *
     * @return the file; it is there once tor listens
     */
    public Path cookieFile() {
        return cookieFile(dataDirectory);
    }

    static Path cookieFile(Path dataDirectory) {
        return dataDirectory.resolve("control_auth_cookie");
    }

    /**
     * Returns tor's data directory.
     *
     * @return the folder, absolute
     */
    public Path dataDirectory() {
        return dataDirectory;
    }

    /**
     * Returns tor's process id.
     *
     * @return the id
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Tells whether the process runs.
     *
     * @return false once it has ended
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Asks tor to end and returns at once; for stopping several together. */
    void requestStop() {
        synchronized (this) {
            stopping = true;
        }
        // Through the handle: Process.destroy() also closes the log, and the last lines with it.
        process.toHandle().destroy();
    }

    /**
     * Ends tor: SIGTERM, and SIGKILL when it has not gone in time. Returns when it is gone; harmless if it already is.
     *
     * <p>If this thread is interrupted, tor is killed at once and the interrupt is kept.
     *
     * @param patience how long tor may take after SIGTERM
     */
    public void stop(Duration patience) {
        requestStop();
        boolean interrupted = false;
        try {
            if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("Tor {} did not end on SIGTERM; killing it.", name);
            }
        } catch (InterruptedException hurry) {
            interrupted = true;
        }
        kill();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends tor with SIGKILL, as a crash would, and waits until it is gone and its log is read to the end. */
    public void kill() {
        synchronized (this) {
            stopping = true;
        }
        process.toHandle().destroyForcibly();
        awaitLogEnd();
    }

    private void awaitLogEnd() {
        boolean interrupted = false;
        synchronized (this) {
            Deadline deadline = Deadline.in(CLOSE_PATIENCE);
            while (!ended && !deadline.past()) {
                try {
                    wait(100);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends tor, allowing it {@link #CLOSE_PATIENCE}. */
    @Override
    public void close() {
        stop(CLOSE_PATIENCE);
    }
}
