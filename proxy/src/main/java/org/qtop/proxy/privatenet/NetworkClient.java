package org.qtop.proxy.privatenet;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A client of a {@link PrivateNetwork}, which can be stopped, killed and started again on the same ports.
 *
 * <p>Thread-safe; a start and a stop at the same time are taken one after the other.
 */
public final class NetworkClient implements AutoCloseable {
    private final PrivateNetwork network;
    private final TorProcessBuilder builder;
    private final InetSocketAddress socks;
    private final InetSocketAddress control;
    /** Null until the first start; written under this object's lock. */
    private volatile TorProcess process;

    NetworkClient(PrivateNetwork network, TorProcessBuilder builder, int socksPort, int controlPort) {
        this.network = network;
        this.builder = builder;
        this.socks = new InetSocketAddress("127.0.0.1", socksPort);
        this.control = new InetSocketAddress("127.0.0.1", controlPort);
    }

    /**
     * Returns the client's SOCKS port.
     *
     * @return an address on 127.0.0.1, the same after a restart
     */
    public InetSocketAddress socks() {
        return socks;
    }

    /**
     * Returns the client's control port.
     *
     * @return an address on 127.0.0.1, the same after a restart
     */
    public InetSocketAddress control() {
        return control;
    }

    /**
     * Returns where the client writes its control cookie if it is told to.
     *
     * @return the file; absent for other logins
     */
    public Path cookieFile() {
        return builder.cookieFile();
    }

    /**
     * Returns the running process, or the last that ran.
     *
     * @return the process
     */
    public TorProcess process() {
        return process;
    }

    /** Ends the client with SIGTERM and returns when it is gone; harmless if it already is. */
    public void stop() {
        TorProcess running = process;
        if (running != null) {
            running.stop(TorProcess.CLOSE_PATIENCE);
        }
    }

    /** Ends the client with SIGKILL, as a crash would, and returns when it is gone. */
    public void kill() {
        process.kill();
    }

    /**
     * Starts the client again on its ports and waits until it carries streams; what it knew of the directory it still
     * knows. Stops it first if it runs.
     *
     * @param limit how long to wait
     * @throws TorStartException if the network is closed, a port was taken meanwhile or the client is not ready in time
     * @throws InterruptedException if this thread is interrupted; the client goes on
     */
    public synchronized void start(Duration limit) throws TorStartException, InterruptedException {
        stop();
        process = network.launch(builder, process);
        process.awaitBootstrap(limit);
    }

    /** Ends the client. */
    @Override
    public void close() {
        stop();
    }
}
