package org.qtop.proxy.intercept;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands before a control port: can cut what goes through, and have commands refused as a filter does. For tests. */
final class CutRelay implements AutoCloseable {

    private final InetSocketAddress target;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final String forbidden;

    /** A relay that forbids commands that begin so; null forbids none. */
    CutRelay(InetSocketAddress target, String forbidden) throws IOException {
        this.target = target;
        this.forbidden = forbidden;
        daemon(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Cuts every connection of this moment; new ones are let in. */
    void cut() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket tor = new Socket(target.getAddress(), target.getPort());
                client.setTcpNoDelay(true);
                tor.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(tor);
                daemon(() -> pump(tor, client, client));
                daemon(() -> pump(client, tor, client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void pump(Socket from, Socket to, Socket client) {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[8192];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                String text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
                if (forbidden != null && from == client) {
                    // Tor answers 510 to a command that it does not know, and in its turn.
                    text = text.replace(forbidden + " ", "FILTERED ");
                }
                out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // Cut.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "cut-relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            cut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
