package org.qtop.bench.load;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;

/**
 * A fast SOCKS5 server that stands where Tor would: it accepts any login, says yes to CONNECT and dials nobody. What
 * becomes of the stream is chosen by the port that the client asks for, whatever the host: {@link #ECHO},
 * {@link #DISCARD} or {@link #SOURCE}; other ports are refused. Thread-safe.
 *
 * <p>Source: RFC 1928 and RFC 1929.
 */
public final class StandInSocksServer implements AutoCloseable {

    /** The port whose streams send back what comes. */
    public static final int ECHO = 1;

    /** The port whose streams read and forget. */
    public static final int DISCARD = 2;

    /** The port whose streams send without end, as fast as the client reads. */
    public static final int SOURCE = 3;

    /** So much is read at once where a client sends much. */
    private static final int READ_BYTES = 64 << 10;

    private final Loops loops;
    private final Channel listener;
    private final LongAdder discarded;

    private StandInSocksServer(Loops loops, Channel listener, LongAdder discarded) {
        this.loops = loops;
        this.listener = listener;
        this.discarded = discarded;
    }

    /**
     * Starts a server on a free port of the loopback address, with epoll where the machine has it.
     *
     * @param threads event loops, 1 or more
     * @return the server, which the caller closes
     * @throws IOException if it cannot listen
     */
    public static StandInSocksServer start(int threads) throws IOException {
        return start(new Loops("stand-in", threads), StreamWatch.NONE);
    }

    /** Starts one on these loops, which it takes over, with somebody who is told of its streams. */
    static StandInSocksServer start(Loops loops, StreamWatch watch) throws IOException {
        LongAdder discarded = new LongAdder();
        var bound = loops.server()
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 2048, READ_BYTES))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new SocksHandshake(watch, discarded));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.close();
            throw new IOException("the stand-in cannot listen on loopback", bound.cause());
        }
        return new StandInSocksServer(loops, bound.channel(), discarded);
    }

    /**
     * How much the streams to {@link #DISCARD} have read.
     *
     * @return bytes since the start
     */
    public long discarded() {
        return discarded.sum();
    }

    /**
     * Tells where it listens.
     *
     * @return an address on loopback
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Closes the listener and every stream, and waits until they are gone. */
    @Override
    public void close() {
        loops.close();
    }
}
