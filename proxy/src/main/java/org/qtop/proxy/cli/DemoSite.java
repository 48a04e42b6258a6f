package org.qtop.proxy.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A small web server on loopback, and a client that fetches from it through a SOCKS5 port. */
final class DemoSite implements AutoCloseable {

    private static final int LOGINS = 3;
    private static final int AT_ONCE = 6;
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final String BODY = "a page that came through Tor\n".repeat(100);

    private final HttpServer server;
    private final ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);

    private DemoSite(HttpServer server) {
        this.server = server;
    }

    static DemoSite start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] page = BODY.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, page.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(page);
            }
        });
        server.start();
        return new DemoSite(server);
    }

    /**
     * Fetches the page many times, a few at once, under three logins in turn.
     *
     * @param proxy a SOCKS5 port
     * @param times how often
     * @return how many pages arrived whole
     */
    int fetchThrough(InetSocketAddress proxy, int times) throws InterruptedException {
        List<Future<Boolean>> fetches = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            String login = "demo" + i % LOGINS;
            fetches.add(clients.submit(() -> fetch(proxy, login)));
        }
        int whole = 0;
        for (Future<Boolean> fetch : fetches) {
            try {
                whole += fetch.get() ? 1 : 0;
            } catch (ExecutionException e) {
                org.slf4j.LoggerFactory.getLogger(DemoSite.class).warn("a page did not arrive: {}",
                        e.getCause().toString());
            }
        }
        return whole;
    }

    private boolean fetch(InetSocketAddress proxy, String login) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(proxy, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            out.write(new byte[] {5, 1, 2});
            expect(in, 5, 2);
            byte[] name = login.getBytes(StandardCharsets.US_ASCII);
            out.write(new byte[] {1, (byte) name.length});
            out.write(name);
            out.write(new byte[] {1, 'x'});
            expect(in, 1, 0);
            int port = server.getAddress().getPort();
            out.write(new byte[] {5, 1, 0, 1, 127, 0, 0, 1, (byte) (port >> 8), (byte) port});
            expect(in, 5, 0, 0, 1);
            in.skipNBytes(6);
            out.write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).endsWith("\r\n\r\n" + BODY);
        }
    }

    private static void expect(DataInputStream in, int... octets) throws IOException {
        for (int octet : octets) {
            int got = in.readUnsignedByte();
            if (got != octet) {
                throw new IOException("the proxy answered " + got + " where " + octet + " was expected");
            }
        }
    }

    @Override
    public void close() {
        clients.shutdownNow();
        server.stop(0);
    }
}
