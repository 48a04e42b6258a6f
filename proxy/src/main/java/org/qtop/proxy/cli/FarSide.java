package org.qtop.proxy.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Where streams go to when it is measured when they come: takes one connection after the other. Thread-safe. */
final class FarSide implements AutoCloseable {

    private static final long WAIT_SECONDS = 60;

    /**
     * What a destination sees of one stream, on the system's clock.
     *
     * @param connectedNanos when the connection was there
     * @param dataNanos when its first octet was there
     */
    record Sight(long connectedNanos, long dataNanos) {
    }

    private final ServerSocket server;
    private final BlockingQueue<Sight> sights = new LinkedBlockingQueue<>();

    private FarSide(ServerSocket server) {
        this.server = server;
    }

    static FarSide start() throws IOException {
        FarSide side = new FarSide(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(side::serve, "qtop-far-side");
        thread.setDaemon(true);
        thread.start();
        return side;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                long connected = System.nanoTime();
                if (socket.getInputStream().read() >= 0) {
                    sights.add(new Sight(connected, System.nanoTime()));
                }
            } catch (IOException e) {
                // The next one, or the end.
            }
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** What was seen of the stream that said its first octet just now. */
    Sight next() throws IOException, InterruptedException {
        Sight sight = sights.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (sight == null) {
            throw new IOException("a stream's data did not reach the far side");
        }
        return sight;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
