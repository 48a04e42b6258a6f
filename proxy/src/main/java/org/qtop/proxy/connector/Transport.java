package org.qtop.proxy.connector;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The event loops and the kinds of channel that run on them. Thread-safe.
 *
 * @param name {@code epoll} or {@code nio}
 * @param loops the event loops
 * @param serverChannel the class of channels that listen on TCP
 * @param channel the class of channels that connect over TCP
 * @param reads how much these read at once
 */
public record Transport(String name, EventLoopGroup loops, Class<? extends ServerChannel> serverChannel,
        Class<? extends Channel> channel, RecvByteBufAllocator reads) implements AutoCloseable {

    private static final long STOP_SECONDS = 5;

    static {
        // Before any class of Netty's is there. Its events for the flight recorder are proxies and generated classes,
        // made at the first stream; its channel numbers would look through all network cards for one to name.
        byDefault("io.netty.jfr.enabled", "false");
        byDefault("io.netty.machineId", "02:00:00:00:00:00");
    }

    private static void byDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /**
     * Starts event loops on the kernel's epoll, or on the JDK's selector where epoll is missing.
     *
     * @param threads how many loops, 1 or more
     * @return the transport, to be closed
     */
    public static Transport start(int threads) {
        return Epoll.isAvailable() ? epoll(threads, () -> { }) : nio(threads);
    }

    /**
     * Starts event loops for streams that carry much, on the same kind as {@link #start}. Each offers its processor to
     * other threads whenever it has moved what there was: the kernel would else let them wait until its share of the
     * time is used up, and a thread whose hold has ended with them. What it costs is less than rounds differ by
     * (scripts/bench --only bulk --rounds 4, this build against the one before).
     *
     * @param threads how many loops, 1 or more
     * @return the transport, to be closed
     */
    public static Transport startForBulk(int threads) {
        return Epoll.isAvailable() ? epoll(threads, Thread::yield) : nio(threads, Thread::yield);
    }

    private static Transport epoll(int threads, Runnable afterEvents) {
        return new Transport("epoll", loops(threads, WatchfulEpoll.newFactory(), afterEvents),
                EpollServerSocketChannel.class, EpollSocketChannel.class, new AdaptiveRecvByteBufAllocator());
    }

    /**
     * Starts event loops on the JDK's selector.
     *
     * @param threads how many loops, 1 or more
     * @return the transport, to be closed
     */
    public static Transport nio(int threads) {
        return nio(threads, () -> { });
    }

    private static Transport nio(int threads, Runnable afterEvents) {
        return new Transport("nio", loops(threads, NioIoHandler.newFactory(), afterEvents),
                NioServerSocketChannel.class, NioSocketChannel.class, new AdaptiveRecvByteBufAllocator());
    }

    /**
     * The same loops and channels, with other reads.
     *
     * @param sizes how much channels read at once
     * @return a transport that shares the loops of this one; one of the two is to be closed
     */
    public Transport reading(RecvByteBufAllocator sizes) {
        return new Transport(name, loops, serverChannel, channel, sizes);
    }

    private static EventLoopGroup loops(int number, IoHandlerFactory factory, Runnable afterEvents) {
        ThreadFactory threads = new DefaultThreadFactory("qtop-loop", true);
        ThreadFactory punctual = loop -> threads.newThread(() -> {
            TimerSlack.end();
            loop.run();
        });
        return new NearLoops(number, punctual, factory, afterEvents);
    }

    /**
     * Tells which kind of loop this is.
     *
     * @return true for the kernel's epoll
     */
    public boolean isEpoll() {
        return name.equals("epoll");
    }

    /**
     * The class of channels that connect to an address.
     *
     * @param address a TCP address or a Unix socket
     * @return the class of connected channels for it
     */
    public Class<? extends Channel> channel(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) {
            return isEpoll() ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
        }
        return channel;
    }

    /**
     * Makes channels that connect to an address. They send at once what is written (TCP_NODELAY), which is Netty's
     * default.
     *
     * @param address a TCP address or a Unix socket
     * @return makes a new channel at each call
     */
    ChannelFactory<Channel> channels(SocketAddress address) {
        // A socket of IPv6, which is the default, costs a few more calls and takes addresses of IPv4 only mapped.
        return isEpoll() && address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address
                ? () -> new EpollSocketChannel(SocketProtocolFamily.INET)
                : new ReflectiveChannelFactory<>(channel(address));
    }

    /**
     * The class of channels that listen on an address.
     *
     * @param address a TCP address or a Unix socket
     * @return the class of listening channels for it
     */
    public Class<? extends ServerChannel> serverChannel(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) {
            return isEpoll() ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
        }
        return serverChannel;
    }

    /**
     * Tells whether a channel can stay open for output once its input has ended.
     *
     * @param address what it connects to or listens on
     * @return false for Unix sockets on the JDK's selector, which know no such thing
     */
    public boolean halfCloses(SocketAddress address) {
        return isEpoll() || !(address instanceof UnixDomainSocketAddress);
    }

    /**
     * An address as the channels want it.
     *
     * @param address a TCP address or a Unix socket
     * @return the same place
     */
    public SocketAddress address(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix && isEpoll()
                ? new DomainSocketAddress(unix.getPath().toFile()) : address;
    }

    /** Stops the loops, within five seconds; channels that are still open are closed. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    }
}
