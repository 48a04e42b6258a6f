package org.qtop.bench.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Over real sockets: what is tested is that nothing comes too early, is lost or is swapped. */
class LinksTest {

    private static final int BYTES = 1 << 20;
    private static final long LEAST_ROUND_TRIP = 20_000_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private static byte[] echo(ServerSocket server) throws IOException {
        try (Socket socket = server.accept()) {
            byte[] heard = socket.getInputStream().readNBytes(BYTES);
            socket.getOutputStream().write(heard);
            return heard;
        }
    }

    @Test
    void shouldDeliverEverythingInOrderAndLate() throws Exception {
        byte[] sent = new byte[BYTES];
        random.nextBytes(sent);
        try (Loops loops = new Loops(); Links links = new Links(loops, seed);
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = links.before("relay", server.getLocalPort());
            CompletableFuture<byte[]> heard = CompletableFuture.supplyAsync(() -> {
                try {
                    return echo(server);
                } catch (IOException fault) {
                    throw new IllegalStateException(fault);
                }
            });
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                long begun = System.nanoTime();
                CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                    try {
                        socket.getOutputStream().write(sent);
                    } catch (IOException fault) {
                        throw new IllegalStateException(fault);
                    }
                });
                byte[] back = socket.getInputStream().readNBytes(BYTES);
                assertTrue(System.nanoTime() - begun >= LEAST_ROUND_TRIP, () -> "seed " + seed);
                assertArrayEquals(sent, back, () -> "seed " + seed);
                // The end comes through, behind all that was sent.
                assertEquals(-1, socket.getInputStream().read());
                writing.join();
            }
            assertArrayEquals(sent, heard.join());
            assertEquals(1, links.lengths().size());
        }
    }

    @Test
    void shouldCloseAConnectionToNobody() throws Exception {
        int nobody;
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            nobody = server.getLocalPort();
        }
        try (Loops loops = new Loops(); Links links = new Links(loops, seed);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), links.before("relay", nobody))) {
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void shouldDrawTheSameLengthsForTheSameSeed() throws Exception {
        try (Loops loops = new Loops(); Links one = new Links(loops, 3); Links two = new Links(loops, 3)) {
            for (String relay : new String[] {"auth0", "exit0", "exit1"}) {
                one.before(relay, 1);
                two.before(relay, 1);
            }
            assertEquals(one.lengths(), two.lengths());
            assertEquals(3, one.lengths().stream().map(line -> line.split(" ")[1]).distinct().count());
        }
    }
}
