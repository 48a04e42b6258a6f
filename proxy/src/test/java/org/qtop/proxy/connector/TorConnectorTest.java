package org.qtop.proxy.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.stream.StreamFailure;

/** Both kinds of event loop against a listener on loopback. */
class TorConnectorTest {

    @TempDir
    private Path folder;

    private static Transport transport(String name) {
        return name.equals("nio") ? Transport.nio(1) : Transport.start(1);
    }

    private static ChannelFuture dial(Dialler dialler, Transport transport) {
        return dialler.connect(transport.loops().next(), new ChannelInboundHandlerAdapter()).awaitUninterruptibly();
    }

    private static Client client(int listener, String address) throws Exception {
        return new Client(listener, Optional.of(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldCallTorFromTheAddressOfTheClient(String name) throws Exception {
        try (Transport transport = transport(name);
                ServerSocket tor = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            TorConnector connector = new TorConnector(transport, tor::getLocalSocketAddress, new ClientAddresses());
            assertTrue(connector.keepsClientsApart() && connector.overIpv4());
            assertEquals("127.0.0.1", caller(connector, transport, tor));
            assertEquals("127.0.0.1", caller(connector.from(client(0, "127.0.0.1")), transport, tor));
            assertEquals("127.0.0.9", caller(connector.from(client(0, "127.0.0.9")), transport, tor));
            assertEquals("127.128.0.1", caller(connector.from(client(0, "192.0.2.1")), transport, tor));
            assertEquals("127.128.0.2", caller(connector.from(client(1, "127.0.0.1")), transport, tor));
        }
    }

    private static String caller(Dialler dialler, Transport transport, ServerSocket tor) throws Exception {
        ChannelFuture dial = dial(dialler, transport);
        try (Socket accepted = tor.accept()) {
            assertTrue(dial.isSuccess(), () -> String.valueOf(dial.cause()));
            assertEquals(accepted.getRemoteSocketAddress(), dial.channel().localAddress());
            return accepted.getInetAddress().getHostAddress();
        } finally {
            dial.channel().close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldFailADialForWhichNoAddressIsLeft(String name) throws Exception {
        try (Transport transport = transport(name)) {
            TorConnector connector = new TorConnector(transport, () -> new InetSocketAddress("127.0.0.1", 1),
                    new ClientAddresses(0));
            ChannelFuture dial = connector.from(client(0, "192.0.2.1")).connect(transport.loops().next(),
                    new ChannelInboundHandlerAdapter());
            assertTrue(dial.isDone() && !dial.isSuccess());
            assertEquals(StreamFailure.NO_ADDRESS_LEFT, StreamFailure.ofDial(dial.cause()));
            assertFalse(dial.channel().isOpen());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldReachTorOverAUnixSocket(String name) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve(name));
        try (Transport transport = transport(name);
                ServerSocketChannel tor = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)) {
            TorConnector connector = new TorConnector(transport, () -> address, new ClientAddresses());
            assertFalse(connector.keepsClientsApart() || connector.overIpv4());
            ChannelFuture dial = dial(connector.from(client(3, "192.0.2.1")), transport);
            assertTrue(dial.isSuccess(), () -> String.valueOf(dial.cause()));
            tor.accept().close();
            dial.channel().close();
        }
    }

    /** What a machine without a free file descriptor makes of a channel. */
    public static final class NoFileLeft extends NioSocketChannel {
        public NoFileLeft() {
            throw new ChannelException("Too many open files");
        }
    }

    @Test
    void shouldFailADialForWhichNoFileIsLeft() throws Exception {
        try (Transport nio = Transport.nio(1)) {
            Transport full = new Transport("nio", nio.loops(), nio.serverChannel(), NoFileLeft.class, nio.reads());
            TorConnector connector = new TorConnector(full, () -> new InetSocketAddress("127.0.0.1", 1));
            ChannelFuture dial = dial(connector, full);
            assertEquals(StreamFailure.NO_SOCKET_LEFT, StreamFailure.ofDial(dial.cause()));
            assertFalse(dial.channel().isOpen());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldFollowATorThatMoves(String name) throws Exception {
        try (Transport transport = transport(name);
                ServerSocket before = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
                ServerSocket after = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            AtomicReference<SocketAddress> told = new AtomicReference<>(before.getLocalSocketAddress());
            TorConnector connector = new TorConnector(transport, told::get);
            assertEquals("127.0.0.1", caller(connector, transport, before));
            told.set(after.getLocalSocketAddress());
            assertEquals("127.0.0.1", caller(connector, transport, after));
        }
    }
}
