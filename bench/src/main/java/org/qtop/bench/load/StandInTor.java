package org.qtop.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Stands where Tor would: a SOCKS port, and a control port that tells of every stream. Thread-safe. */
public final class StandInTor implements AutoCloseable {

    private final StandInSocksServer socks;
    private final StandInControl control = new StandInControl();

    private StandInTor() throws IOException {
        // One loop, so that events and replies have Tor's order.
        Loops loops = new Loops("stand-in", 1);
        control.listen(loops);
        socks = StandInSocksServer.start(loops, control);
    }

    /**
     * Starts one on free ports of loopback.
     *
     * @return to be closed
     * @throws IOException if it cannot listen
     */
    public static StandInTor start() throws IOException {
        return new StandInTor();
    }

    /**
     * Where it takes streams.
     *
     * @return an address on loopback
     */
    public InetSocketAddress socks() {
        return socks.address();
    }

    /**
     * Where it tells of them.
     *
     * @return an address on loopback
     */
    public InetSocketAddress control() {
        return control.address();
    }

    /**
     * How much the streams to {@link StandInSocksServer#DISCARD} have read.
     *
     * @return bytes since the start
     */
    public long discarded() {
        return socks.discarded();
    }

    /** Closes both ports and every stream. */
    @Override
    public void close() {
        socks.close();
    }
}
