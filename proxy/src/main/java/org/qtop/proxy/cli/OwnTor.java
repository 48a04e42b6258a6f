package org.qtop.proxy.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.privatenet.TorListener;
import org.qtop.proxy.privatenet.TorProcess;
import org.qtop.proxy.privatenet.TorStartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Tor that qtop starts itself. Once it is {@linkplain #keep kept}, it is started again on the same ports whenever it
 * ends, after pauses that grow: who has learned its ports need not learn others. Thread-safe.
 */
final class OwnTor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OwnTor.class);

    private static final Duration LISTEN_LIMIT = Duration.ofSeconds(30);
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    /** A Tor that ran for so long had no trouble with its start. */
    private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Path folder;
    private final Thread keeper = new Thread(this::keepRunning, "qtop-own-tor");
    private volatile TorProcess process;
    private volatile boolean closed;

    private OwnTor(Path folder) {
        this.folder = folder;
        keeper.setDaemon(true);
    }

    /**
     * Starts one and waits until it listens.
     *
     * @param folder its data directory
     * @param listener hears what it says until it is kept
     * @return the running Tor, to be closed
     * @throws TorStartException if it does not come up; nothing is left then
     * @throws InterruptedException if this thread is interrupted; nothing is left then
     */
    static OwnTor start(Path folder, TorListener listener) throws TorStartException, InterruptedException {
        OwnTor tor = new OwnTor(folder);
        boolean listening = false;
        try {
            tor.process = TorProcess.ownClient(folder).name("own").listener(listener).start();
            tor.process.awaitListening(LISTEN_LIMIT);
            listening = true;
            return tor;
        } finally {
            if (!listening) {
                tor.close();
            }
        }
    }

    /** The process that runs now, or ran last. */
    TorProcess process() {
        return process;
    }

    /** From now on it is started again when it ends. To be called once. */
    void keep() {
        keeper.start();
    }

    private void keepRunning() {
        InetSocketAddress socks = process.socks().orElseThrow();
        InetSocketAddress control = process.control().orElseThrow();
        long pauseMillis = FIRST_PAUSE_MILLIS;
        try {
            while (!closed) {
                long sinceNanos = System.nanoTime();
                process.awaitEnd();
                boolean stable = System.nanoTime() - sinceNanos > STABLE_NANOS;
                pauseMillis = stable ? FIRST_PAUSE_MILLIS : pauseMillis;
                if (!closed) {
                    LOG.error("our own Tor ended; starting it again in {}", Values.time(pauseMillis * 1_000_000));
                    Thread.sleep(pauseMillis);
                    pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
                    startAgain(socks, control);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("our own Tor is kept no longer");
        }
    }

    private void startAgain(InetSocketAddress socks, InetSocketAddress control) throws InterruptedException {
        try {
            process = TorProcess.ownClient(folder, Values.text(socks), Values.text(control)).name("own").start();
            process.awaitListening(LISTEN_LIMIT);
            LOG.info("our own Tor is back");
        } catch (TorStartException e) {
            LOG.error("our own Tor does not start again: {}", e.getMessage());
        }
    }

    /** It is kept no longer: when it ends, it stays away. */
    void letGo() {
        closed = true;
        keeper.interrupt();
        boolean interrupted = false;
        while (keeper.isAlive()) {
            try {
                keeper.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it for good. */
    @Override
    public void close() {
        letGo();
        if (process != null) {
            process.close();
        }
    }
}
