package org.qtop.proxy.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.net.ExtendedSocketOptions;
import org.qtop.proxy.control.ControlException.Kind;

/**
 * Makes a session: connects and logs in, both within one time limit. A Unix socket knows no such limit, so the alarm
 * closes the channel under whoever waits. Stateless.
 */
final class SessionDial {

    /** How long the connection may be silent before the kernel asks whether it is there, and then between askings. */
    private static final int KEEP_ALIVE_SECONDS = 20;
    /** So often nobody answers, and it is lost: after 80 s in all. */
    private static final int KEEP_ALIVE_COUNT = 3;

    private SessionDial() {
    }

    /**
     * Connects and logs in.
     *
     * @param settings where and how
     * @param owner told of the session's end
     * @return a session to be begun
     * @throws ControlException if it cannot be had; nothing is left behind then
     */
    static ControlSession connect(ControlSettings settings, ControlSession.Owner owner) throws ControlException {
        AtomicBoolean late = new AtomicBoolean();
        try (Channel channel = new Channel(open(settings.address()))) {
            Runnable cancel = owner.timer().after(settings.connectLimit().toNanos(), () -> {
                late.set(true);
                channel.abandon();
            });
            try {
                connect(channel.socket, settings);
                ControlSession session = new ControlSession(channel.socket, settings, owner);
                channel.handedOver = true;
                return session;
            } finally {
                cancel.run();
            }
        } catch (IOException e) {
            throw late.get() ? new ControlException(Kind.TIMED_OUT, "Tor's control port " + settings.addressText()
                    + " did not answer within " + settings.connectLimit().toMillis()
                    + " ms: is it Tor's, and does Tor run freely?")
                    : new ControlException(Kind.LOST, "the connection to Tor's control port " + settings.addressText()
                            + " broke during the login (" + e.getMessage() + "): look into Tor's log", e);
        }
    }

    /** A channel that is closed unless a session has it. */
    private static final class Channel implements AutoCloseable {

        private final SocketChannel socket;
        private volatile boolean handedOver;

        Channel(SocketChannel socket) {
            this.socket = socket;
        }

        @Override
        public void close() {
            abandon();
        }

        void abandon() {
            if (!handedOver) {
                try {
                    socket.close();
                } catch (IOException e) {
                    // Nothing is left to do with it either way.
                }
            }
        }
    }

    /** Opens a channel that can connect to this address. */
    static SocketChannel open(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress) {
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        }
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        // A Tor on another machine may vanish without a word, and qtop mostly listens here: ask the kernel to ask.
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_SECONDS);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_COUNT);
        }
        return channel;
    }

    private static void connect(SocketChannel channel, ControlSettings settings) throws ControlException, IOException {
        SocketAddress address = resolved(settings);
        try {
            channel.connect(address);
        } catch (ClosedChannelException e) {
            // By the alarm, or by an interrupt.
            throw e;
        } catch (IOException e) {
            throw unreachable(settings, e);
        }
    }

    private static SocketAddress resolved(ControlSettings settings) throws ControlException {
        if (settings.address() instanceof InetSocketAddress inet && inet.isUnresolved()) {
            InetSocketAddress address = new InetSocketAddress(inet.getHostString(), inet.getPort());
            if (address.isUnresolved()) {
                throw new ControlException(Kind.REFUSED, "the host of Tor's control port " + settings.addressText()
                        + " is not known: give another with --tor-control");
            }
            return address;
        }
        return settings.address();
    }

    private static ControlException unreachable(ControlSettings settings, IOException e) {
        String why = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
        if (settings.address() instanceof UnixDomainSocketAddress unix && why.contains("ermission denied")) {
            Path path = unix.getPath();
            return new ControlException(Kind.REFUSED, "may not use Tor's control socket " + path + ": "
                    + LoginSecrets.joinGroup(path), e);
        }
        String what = e instanceof ConnectException || why.contains("No such file") ? "nothing listens at "
                : "cannot reach ";
        return new ControlException(Kind.REFUSED, what + "Tor's control port " + settings.addressText() + " (" + why
                + "): start Tor with ControlPort set, or give the right address with --tor-control", e);
    }
}
