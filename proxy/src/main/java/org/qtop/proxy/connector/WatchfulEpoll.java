package org.qtop.proxy.connector;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;

/**
 * Netty's epoll, but that a channel which waits for nothing stays known to the kernel.
 *
 * <p>In Netty 4.2.18 and 4.2.19 a channel that waits neither for input nor for room is taken out of the epoll set, and
 * Netty takes it for being there: as soon as it is to wait for room, {@code EPOLL_CTL_MOD} fails (ENOENT) and Netty
 * ends its output. That is how a client that had sent its end lost what was left of a large answer. Here such a channel
 * stays in the set for errors alone, edge-triggered, so that the end of both directions wakes a loop once and not
 * again and again (epoll(7)). To be dropped with a Netty that mends it; {@code RelayTest} tells.
 *
 * <p>And but that the end of input is found by reading alone ({@code EPOLLRDHUP} is never asked for): told of it, Netty
 * reads all that the kernel has of a channel, also of one that is not to be read because its peer takes nothing. That
 * may be as much as a receive buffer holds (tcp_rmem: 6 MiB or more) for each stream of which the sender is done and
 * the reader stalls. Of a channel that was reset, on the other hand, all is read at once, so that it does not stay open
 * for a peer that takes nothing. Each handler is confined to one event loop, as Netty's.
 */
public final class WatchfulEpoll implements IoHandler {

    private static final EpollIoOps ERRORS_ONLY = EpollIoOps.EPOLLERR.with(EpollIoOps.EPOLLET);

    private final IoHandler netty;

    private WatchfulEpoll(IoHandler netty) {
        this.netty = netty;
    }

    /**
     * Makes such handlers; use only where epoll is available.
     *
     * @return the factory, for one group of event loops
     */
    public static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return executor -> new WatchfulEpoll(factory.newHandler(executor));
    }

    @Override
    public void initialize() {
        netty.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return netty.run(context);
    }

    @Override
    public void prepareToDestroy() {
        netty.prepareToDestroy();
    }

    @Override
    public void destroy() {
        netty.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(netty.register(new Handle((EpollIoHandle) handle)));
    }

    @Override
    public void wakeup() {
        netty.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return netty.isCompatible(type);
    }

    /** A channel as Netty's handler sees it: told of an error, it is told as well that no more will come. */
    @SuppressWarnings("try") // That an end may be interrupted is how Netty declares it.
    private record Handle(EpollIoHandle netty) implements EpollIoHandle {

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            EpollIoOps ops = ((EpollIoEvent) event).ops();
            if (ops.contains(EpollIoOps.EPOLLERR)) {
                EpollIoOps all = ops.with(EpollIoOps.EPOLLRDHUP);
                netty.handle(registration, (EpollIoEvent) () -> all);
            } else {
                netty.handle(registration, event);
            }
        }

        @Override
        public FileDescriptor fd() {
            return netty.fd();
        }

        @Override
        public void registered() {
            netty.registered();
        }

        @Override
        public void unregistered() {
            netty.unregistered();
        }

        @Override
        public void close() throws Exception {
            netty.close();
        }
    }

    private static final class Registration implements IoRegistration {

        private final IoRegistration netty;
        /** Before it is, Netty is right: a socket that is not connected yet has nothing but errors to tell. */
        private volatile boolean inSet;

        Registration(IoRegistration netty) {
            this.netty = netty;
        }

        @Override
        public <T> T attachment() {
            return netty.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            EpollIoOps wanted = ((EpollIoOps) ops).without(EpollIoOps.EPOLLRDHUP);
            inSet |= !EpollIoOps.NONE.equals(ops);
            return netty.submit(inSet && EpollIoOps.NONE.equals(wanted) ? ERRORS_ONLY : wanted);
        }

        @Override
        public boolean isValid() {
            return netty.isValid();
        }

        @Override
        public boolean cancel() {
            return netty.cancel();
        }
    }
}
