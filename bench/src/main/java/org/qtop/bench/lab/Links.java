package org.qtop.bench.lab;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.qtop.proxy.privatenet.RelayLink;

/**
 * Long wires before relays: each relay is told to the others at a forwarder's port, so that all that comes to it,
 * from clients and from other relays, and all that goes back, is late by the length of its wire. A round trip takes 20
 * to 80 ms, drawn once a relay, and a little more each way for each chunk. Thread-safe.
 *
 * <p>These are forwarders in user space, for the kernel's netem needs a module that is often missing. They change
 * neither what Tor sends nor how it is cut into records.
 */
final class Links implements RelayLink, AutoCloseable {

    private static final double LEAST_ONE_WAY = 10e6;
    private static final double MOST_ONE_WAY = 40e6;
    private static final double MEAN_JITTER = 2e6;
    private static final double MOST_JITTER = 20e6;

    private final Loops loops;
    private final long seed;
    private final List<Channel> listeners = new ArrayList<>();
    private final List<String> lengths = new ArrayList<>();
    private long wires;

    Links(Loops loops, long seed) {
        this.loops = loops;
        this.seed = seed;
    }

    @Override
    public synchronized int before(String nickname, int orPort) throws IOException {
        double base = Draws.of(seed, "link " + nickname).nextDouble(LEAST_ONE_WAY, MOST_ONE_WAY);
        InetSocketAddress relay = new InetSocketAddress(InetAddress.getLoopbackAddress(), orPort);
        Channel listener = loops.listen(channel -> connect(channel, relay, base));
        listeners.add(listener);
        lengths.add(String.format(java.util.Locale.ROOT, "%s %.1f ms", nickname, 2 * base / 1e6));
        return Loops.port(listener);
    }

    /** Round trips without jitter, for the report. */
    synchronized List<String> lengths() {
        return List.copyOf(lengths);
    }

    private synchronized LongSupplier delay(double base) {
        SplittableRandom random = Draws.of(seed, "jitter", wires++);
        return () -> (long) (base + Math.min(MOST_JITTER, Draws.exponential(random, MEAN_JITTER)));
    }

    private void connect(Channel near, InetSocketAddress relay, double base) {
        near.config().setOption(ChannelOption.AUTO_READ, false);
        Wire up = new Wire(delay(base));
        Wire down = new Wire(delay(base));
        loops.dial(near.eventLoop(), relay, down).addListener(dialled -> {
            if (!dialled.isSuccess()) {
                near.close();
                return;
            }
            Channel far = ((io.netty.channel.ChannelFuture) dialled).channel();
            near.pipeline().addLast(up);
            Wire.join(near, up, far, down);
            if (near.isActive()) {
                near.config().setAutoRead(true);
            } else {
                far.close();
            }
        });
    }

    @Override
    public synchronized void close() {
        listeners.forEach(Channel::close);
    }
}
