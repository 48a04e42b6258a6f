package org.qtop.bench.load;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** The far end for a real Tor: the stand-in's streams without SOCKS, each kind on a port of its own. Thread-safe. */
public final class Site implements AutoCloseable {

    private final Loops loops = new Loops("site", 1);
    private final LongAdder discarded = new LongAdder();
    private final int echo;
    private final int discard;
    private final int source;

    private Site() throws IOException {
        echo = listen(EchoStream::new);
        discard = listen(() -> new DiscardStream(discarded));
        source = listen(SourceStream::new);
    }

    /**
     * Listens on free ports of loopback.
     *
     * @return to be closed
     * @throws IOException if it cannot listen
     */
    public static Site start() throws IOException {
        return new Site();
    }

    private int listen(Supplier<StandInStream> stream) throws IOException {
        var bound = loops.server().childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(stream.get());
            }
        }).bind(InetAddress.getLoopbackAddress(), 0).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.close();
            throw new IOException("the site cannot listen on loopback", bound.cause());
        }
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    /**
     * What there is to ask for.
     *
     * @param proxy the SOCKS5 server
     * @return the target
     */
    public Target through(InetSocketAddress proxy) {
        return new Target(proxy, InetAddress.getLoopbackAddress(), echo, discard, source);
    }

    /**
     * How much uploads have brought.
     *
     * @return bytes since the start
     */
    public long discarded() {
        return discarded.sum();
    }

    /** Closes the ports and every stream. */
    @Override
    public void close() {
        loops.close();
    }
}
