package org.qtop.proxy.seedsource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP proxy on loopback for one connection to one target, which it reaches through Tor by name. Thread-safe.
 *
 * <p>It exists because {@link java.net.http.HttpClient} asks an HTTP proxy by name and knows no SOCKS. Source of the
 * request: RFC 9110, section 9.3.6 (CONNECT).
 */
final class TorTunnel implements AutoCloseable {

    private static final int MOST_HEAD_BYTES = 8_192;

    private final ServerSocket listener;
    private final InetSocketAddress socks;
    private final String host;
    private final int port;
    private volatile Socket client;
    private volatile Socket tor;
    private volatile String failure;

    private TorTunnel(ServerSocket listener, InetSocketAddress socks, String host, int port) {
        this.listener = listener;
        this.socks = socks;
        this.host = host;
        this.port = port;
    }

    /**
     * Listens for one connection.
     *
     * @param socks Tor's SOCKS port
     * @param host the target's name, never looked up here
     * @param port the target's port
     */
    static TorTunnel open(InetSocketAddress socks, String host, int port) throws IOException {
        TorTunnel tunnel = new TorTunnel(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()), socks, host, port);
        start(tunnel::serve);
        return tunnel;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "qtop-seed-tunnel");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** Why the target could not be reached, in one line; null if it could, or nobody asked yet. */
    String failure() {
        return failure;
    }

    private void serve() {
        try {
            client = listener.accept();
            listener.close();
            if (!head(client.getInputStream()).startsWith("CONNECT " + host + ":" + port + " ")) {
                answer("403 Forbidden");
                return;
            }
            try {
                tor = TorDial.dial(socks, host, port);
            } catch (IOException e) {
                failure = e.getMessage();
                answer("502 Bad Gateway");
                return;
            }
            answer("200 OK");
            start(() -> pump(tor, client));
            pump(client, tor);
        } catch (IOException e) {
            close();
        }
    }

    /** Reads up to and with the empty line, byte by byte: what follows is not ours. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (head.size() < MOST_HEAD_BYTES) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("the request for a tunnel was cut");
            }
            head.write(octet);
            String text = head.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith("\r\n\r\n")) {
                return text;
            }
        }
        throw new IOException("the request for a tunnel is too long");
    }

    private void answer(String status) throws IOException {
        client.getOutputStream().write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        if (!status.startsWith("200")) {
            client.close();
        }
    }

    private void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public void close() {
        quietly(listener);
        quietly(client);
        quietly(tor);
    }

    private static void quietly(AutoCloseable socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (Exception e) {
            // Nothing more will come of it.
        }
    }
}
