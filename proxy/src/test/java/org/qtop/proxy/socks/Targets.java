package org.qtop.proxy.socks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Servers that streams lead to, each in its own way. Thread-safe. */
final class Targets implements AutoCloseable {

    /** An address on loopback where nobody else listens, so that a mangled port meets nobody. */
    static final byte[] ADDRESS = {127, 88, 0, 9};

    private interface Manner {
        void serve(Socket client) throws IOException;
    }

    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Map<String, byte[]> ports = new HashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "target");
        thread.setDaemon(true);
        return thread;
    });

    Targets() throws IOException {
        add("echo", Targets::echo);
        add("greet", client -> client.getOutputStream().write("220 hello\r\n".getBytes(StandardCharsets.US_ASCII)));
        add("reset", client -> client.setSoLinger(true, 0));
        add("close", client -> { });
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getByAddress(ADDRESS))) {
            name("refuse", closed.getLocalPort());
        }
    }

    private static void echo(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = client.getOutputStream();
        byte[] buffer = new byte[4_096];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
        }
    }

    /** On its own address, and on the one that localhost is. */
    private void add(String name, Manner manner) throws IOException {
        ServerSocket own = new ServerSocket(0, 500, InetAddress.getByAddress(ADDRESS));
        listeners.add(own);
        name(name, own.getLocalPort());
        serve(own, manner);
        ServerSocket local = new ServerSocket();
        listeners.add(local);
        local.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), own.getLocalPort()), 500);
        serve(local, manner);
    }

    private void name(String name, int port) {
        ports.put(name, new byte[] {(byte) (port >> 8), (byte) port});
        ports.put(name + ".", Integer.toString(port).getBytes(StandardCharsets.US_ASCII));
    }

    private void serve(ServerSocket listener, Manner manner) {
        threads.execute(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    threads.execute(() -> {
                        try (client) {
                            manner.serve(client);
                        } catch (IOException gone) {
                            // The far end may leave as it likes.
                        }
                    });
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    /** Ports by name: two bytes as {@code echo}, decimal digits as {@code echo.}. */
    Map<String, byte[]> names() {
        Map<String, byte[]> names = new HashMap<>(ports);
        names.put("ip", ADDRESS);
        return names;
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
        threads.shutdownNow();
    }
}
