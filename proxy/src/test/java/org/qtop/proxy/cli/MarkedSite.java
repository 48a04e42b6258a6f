package org.qtop.proxy.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A web server, and a client that reaches it through a SOCKS5 port, of whose every secret a trace can be told. */
final class MarkedSite implements AutoCloseable {

    private static final byte[] DESTINATION = {127, 83, 19, 57};
    private static final String LOGIN = "marked-login";
    private static final String PASSWORD = "marked-password";
    private static final String PAYLOAD = "marked-payload";
    private static final int TRIES = 5;
    private static final int TIMEOUT_MILLIS = 60_000;

    private final HttpServer server;

    MarkedSite() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(DESTINATION), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = (PAYLOAD + "\n").repeat(50).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /** What must not be found anywhere: in plain text, in hexadecimal, in decimal. */
    static List<String> secrets() {
        return List.of("127.83.19.57", "7f531339", "marked-", "6d61726b65642d");
    }

    /** Where it is. */
    String address() {
        return server.getAddress().getAddress().getHostAddress() + ":" + server.getAddress().getPort();
    }

    /** Fetches the page as often as said, under a few logins in turn, one after another. */
    void fetch(InetSocketAddress proxy, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            fetchPatiently(proxy, LOGIN + i % 5);
        }
    }

    /** An exit that has just started may refuse; Tor then reports a failure that a client tries again after. */
    private void fetchPatiently(InetSocketAddress proxy, String login) throws IOException {
        for (int tries = 1;; tries++) {
            try {
                fetchOne(proxy, login);
                return;
            } catch (IOException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private void fetchOne(InetSocketAddress proxy, String login) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(proxy, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            out.write(new byte[] {5, 1, 2});
            in.skipNBytes(2);
            out.write(("\1" + (char) login.length() + login + (char) PASSWORD.length() + PASSWORD)
                    .getBytes(StandardCharsets.ISO_8859_1));
            in.skipNBytes(2);
            int port = server.getAddress().getPort();
            out.write(new byte[] {5, 1, 0, 1, DESTINATION[0], DESTINATION[1], DESTINATION[2], DESTINATION[3],
                (byte) (port >> 8), (byte) port});
            byte[] reply = in.readNBytes(10);
            if (reply.length < 2 || reply[1] != 0) {
                throw new IOException("the proxy refused");
            }
            out.write(("GET /" + PAYLOAD + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            if (!new String(in.readAllBytes(), StandardCharsets.US_ASCII).endsWith(PAYLOAD + "\n")) {
                throw new IOException("the page did not arrive whole");
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
