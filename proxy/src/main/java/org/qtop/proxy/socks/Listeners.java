package org.qtop.proxy.socks;

import java.util.List;

/** All the places where one proxy listens for applications. Thread-safe. */
public final class Listeners implements AutoCloseable {

    private final List<SocksServer> servers;

    /**
     * Puts listeners together.
     *
     * @param servers at least one; they are closed with this
     */
    public Listeners(List<SocksServer> servers) {
        this.servers = List.copyOf(servers);
    }

    /**
     * Each place.
     *
     * @return in the order in which they were given
     */
    public List<SocksServer> all() {
        return servers;
    }

    /**
     * Accepts no more anywhere, lets open streams finish for a bounded time, then closes them.
     *
     * @param nanos how long in all, 0 or more
     * @return how many streams had to be closed
     * @throws InterruptedException if the wait is interrupted; streams are then still open
     */
    public int drain(long nanos) throws InterruptedException {
        servers.forEach(SocksServer::refuseMore);
        long end = System.nanoTime() + nanos;
        int closed = 0;
        for (SocksServer server : servers) {
            closed += server.drain(Math.max(0, end - System.nanoTime()));
        }
        return closed;
    }

    @Override
    public void close() {
        servers.forEach(SocksServer::close);
    }
}
