package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.Listen;
import org.qtop.proxy.connector.TorConnector;
import org.qtop.proxy.connector.Transport;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.BulkLoops;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.stream.StreamTable;

/** What we say ourselves while Tor is not there, through real sockets of every family on either side. */
class RefusalFamilyTest {

    private static final String LONG = "0500" + "05" + "03" + "0004" + "00".repeat(18);
    private static final String SHORT = "0500" + "05" + "03" + "0001" + "00".repeat(6);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"::1, ::1", "::1, 127.0.0.1", "::1, unix", "unix, unix", "unix, 127.0.0.1", "127.0.0.1, 127.0.0.1",
        "127.0.0.1, ::1", "127.0.0.1, unix"})
    void shouldRefuseInTheFamilyThatTheClientCallsIn(String listener, String tor) throws Exception {
        SocketAddress nobody = nobody(tor);
        Metrics metrics = new Metrics();
        Holds holds = new Holds(new TopologicalTimingEngine(() -> 7, HoldLaw.uniform(0, 0), 2 * Math.PI, 100));
        Listen listen = Listen.at(listener.equals("unix") ? UnixDomainSocketAddress.of(folder.resolve("front"))
                : new InetSocketAddress(listener, 0));
        try (Transport transport = Transport.start(1);
                SocksServer server = SocksServer.listen(transport, listen, 0, new Admission(List.of(), metrics),
                        new FrontContext(new TorConnector(transport, () -> nobody), holds,
                                new StreamTable(metrics, stream -> { }), metrics, Optional::empty, 10,
                                TorHttp.asSocks(() -> ""), () -> HoldAt.REQUEST, BulkLoops.none()));
                SocketChannel client = SocketChannel.open(server.place());
                InputStream in = Channels.newInputStream(client)) {
            client.write(ByteBuffer.wrap(HexFormat.of().parseHex("050100" + "050100017f0000010050")));
            assertEquals(listener.equals("127.0.0.1") ? SHORT : LONG, HexFormat.of().formatHex(in.readAllBytes()));
        }
    }

    /** Where nobody listens. */
    private SocketAddress nobody(String family) throws Exception {
        if (family.equals("unix")) {
            return UnixDomainSocketAddress.of(folder.resolve("nobody"));
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(family))) {
            return socket.getLocalSocketAddress();
        }
    }
}
