package org.qtop.proxy.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** A port that leads to another and that can be cut, as if what is behind it were gone, and come back. For tests. */
final class Forwarder implements AutoCloseable {

    private final InetSocketAddress target;
    private final UnaryOperator<String> change;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;
    private int port;

    Forwarder(InetSocketAddress target) throws IOException {
        this(target, null);
    }

    /** What the target says passes through {@code change}, line by line, unless that is null. */
    Forwarder(InetSocketAddress target, UnaryOperator<String> change) throws IOException {
        this.target = target;
        this.change = change;
        restore();
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    /** Listens again where it did. */
    void restore() throws IOException {
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        listener = opened;
        port = opened.getLocalPort();
        start(() -> accept(opened));
    }

    /** Closes everything: who connects now is refused. */
    void cut() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Socket client = from.accept();
                sockets.add(client);
                Socket server = new Socket(target.getAddress(), target.getPort());
                sockets.add(server);
                start(() -> copy(client, server));
                start(() -> {
                    if (change == null) {
                        copy(server, client);
                    } else {
                        copyLines(server, client);
                    }
                });
            }
        } catch (IOException closed) {
            // Cut.
        }
    }

    private void copy(Socket from, Socket to) {
        try (from; to) {
            InputStream in = from.getInputStream();
            in.transferTo(to.getOutputStream());
        } catch (IOException closed) {
            // Either side is gone, and so both are.
        }
    }

    private void copyLines(Socket from, Socket to) {
        try (from; to) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(from.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                to.getOutputStream().write((change.apply(line) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException closed) {
            // Either side is gone, and so both are.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "forwarder");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        cut();
    }
}
