package org.qtop.bench.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandInSocksServerTest {

    private static final int BYTES = 4 << 20;

    private StandInSocksServer server;

    @BeforeEach
    void start() throws IOException {
        server = StandInSocksServer.start(1);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Conversations byte by byte, from RFC 1928 and 1929; each ends with two bytes of data, echoed. */
    @ParameterizedTest
    @CsvSource({
        // No login, then the login of "u" and "p", then both offered.
        "050100 05010001 7f000001 0001 abcd,   0500 05000001 00000000 0000 abcd",
        "050102 01017501 70 05010001 7f000001 0001 abcd, 0502 0100 05000001 00000000 0000 abcd",
        "05020002 01017501 70 05010001 7f000001 0001 abcd, 0502 0100 05000001 00000000 0000 abcd",
        // A host name, and an IPv6 address.
        "050100 05010003 04 686f7374 0001 abcd, 0500 05000001 00000000 0000 abcd",
        "050100 05010004 00000000000000000000000000000001 0001 abcd, 0500 05000001 00000000 0000 abcd",
        // Refused: a login method of nobody's, a port without meaning, BIND.
        "050180, 05ff",
        "050100 05010001 7f000001 0050, 0500 05050001 00000000 0000",
        "050100 05020001 7f000001 0001, 0500 05070001 00000000 0000"
    })
    void shouldHoldTheConversation(String said, String heard) throws IOException {
        byte[] request = HexFormat.of().parseHex(said.replace(" ", ""));
        byte[] answer = HexFormat.of().parseHex(heard.replace(" ", ""));
        try (Socket socket = open()) {
            socket.getOutputStream().write(request);
            assertArrayEquals(answer, socket.getInputStream().readNBytes(answer.length));
        }
        try (Socket socket = open()) {
            for (byte one : request) {
                socket.getOutputStream().write(one);
            }
            assertArrayEquals(answer, socket.getInputStream().readNBytes(answer.length));
        }
    }

    private Socket open() throws IOException {
        Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Test
    void shouldEchoEverythingAndCloseAfterTheLastByte() throws IOException {
        byte[] sent = new byte[BYTES];
        new Random(1).nextBytes(sent);
        try (SocksClient client = SocksClient.connect(server.address(), StandInSocksServer.ECHO)) {
            // The writer runs against full buffers until the reader starts: the back-pressure of the echo.
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> send(client, sent));
            byte[] back = client.in().readAllBytes();
            writer.join();
            assertArrayEquals(sent, back);
        }
    }

    private static void send(SocksClient client, byte[] bytes) {
        try {
            client.out().write(bytes);
            client.shutdownOutput();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldDiscardAndSayNothing() throws IOException {
        try (SocksClient client = SocksClient.connect(server.address(), StandInSocksServer.DISCARD)) {
            send(client, new byte[BYTES]);
            assertEquals(-1, client.in().read());
        }
    }

    @Test
    void shouldSendWithoutEndToSeveralAtOnce() throws IOException {
        try (SocksClient one = SocksClient.connect(server.address(), StandInSocksServer.SOURCE);
                SocksClient two = SocksClient.connect(server.address(), StandInSocksServer.SOURCE)) {
            one.out().write(1);
            one.shutdownOutput();
            for (DataInputStream in : new DataInputStream[] {one.in(), two.in(), one.in()}) {
                assertEquals(BYTES, in.readNBytes(BYTES).length);
            }
        }
    }

    @Test
    void shouldTellWhyAClientWasRefused() {
        IOException refused = assertThrows(IOException.class, () -> SocksClient.connect(server.address(), 80));
        assertTrue(refused.getMessage().contains("reply code 5"), refused.getMessage());
    }
}
