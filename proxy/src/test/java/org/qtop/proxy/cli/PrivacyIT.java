package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.privatenet.ControlLogin;
import org.qtop.proxy.privatenet.NetworkClient;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.status.StatusClient;

/** Whatever applications ask for, and however it goes wrong, nothing that qtop writes or shows names it. */
@ExtendWith(PrivateNetworkExtension.class)
class PrivacyIT {

    private static final Duration START = Duration.ofSeconds(60);
    private static final String SECRET = QtopChild.SECRET;
    private static final String ADDRESS = "127.83.19.57";
    private static final byte[] ADDRESS_BYTES = {127, 83, 19, 57};
    private static final String BASIC = base64(SECRET + "-user:" + SECRET + "-word");

    @TempDir
    private Path folder;
    private InetSocketAddress proxy;

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** An address where nobody listens. */
    private static InetSocketAddress nobody() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress("127.0.0.1", closed.getLocalPort());
        }
    }

    /** Says something as Latin-1, ends, and gives what comes back, if anything. */
    private String say(String words) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(proxy);
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
            byte[] some = new byte[4_096];
            int length = socket.getInputStream().read(some);
            length += length < 0 || length > 2 ? 0 : Math.max(0, socket.getInputStream().read(some, length, 4_000));
            return length < 0 ? "" : new String(some, 0, length, StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketException e) {
            return "";
        }
    }

    private static String named(int command, String host, int port) {
        return "\5\1\0\5" + (char) command + "\0\3" + (char) host.length() + host + (char) (port >> 8)
                + (char) (port & 0xFF);
    }

    private int connect(String host, int port) throws IOException {
        try (SocksStream stream = new SocksStream(proxy, SECRET + "-login", SECRET + "-word")) {
            return stream.connect(host, port);
        }
    }

    private void visit(Site site, String onion) throws IOException {
        assertTrue(site.fetch(proxy, SECRET + "-login", 1, 10_000));
        assertEquals(0, connect(onion, 80));
        assertNotEquals(0, connect(SECRET + ".example", 80), "no such name");
        assertNotEquals(0, connect(Site.HOST, nobody().getPort()), "nobody there");
        assertNotEquals(0, connect(SECRET + "%$.example", 80), "no name at all");
        assertTrue(say(named(0xF0, Site.HOST, 0)).startsWith("\5\0\5\0"), "resolved");
        say("\5\1\0\5\u00F1\0\1" + new String(ADDRESS_BYTES, StandardCharsets.ISO_8859_1) + "\0\0");
        say(named(9, Site.HOST, 80));
        say("\4\1\0\120\0\0\0\1" + SECRET + "\0" + Site.HOST + "\0");
        String head = "Host: " + Site.HOST + "\r\nProxy-Authorization: Basic " + BASIC + "\r\nX-Tor-Stream-Isolation: "
                + SECRET + "\r\n\r\n";
        assertTrue(say("CONNECT " + Site.HOST + ":" + site.port() + " HTTP/1.1\r\n" + head).contains(" 200 "));
        assertFalse(say("CONNECT " + SECRET + ".example:80 HTTP/1.1\r\n" + head).contains(" 200 "));
        say("CONNECT " + SECRET + " HTTP/1.1\r\n" + head);
        say("GET http://" + Site.HOST + "/" + SECRET + " HTTP/1.1\r\n" + head);
        say(SECRET);
        try (Socket leaver = new Socket()) {
            leaver.connect(proxy);
            leaver.getOutputStream().write((named(1, Site.HOST, site.port()) + "GET /" + SECRET)
                    .getBytes(StandardCharsets.ISO_8859_1));
            leaver.setSoLinger(true, 0);
        }
    }

    private static String pages(InetSocketAddress status) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String path : List.of("/api/status", "/api/circuits", "/api/streams", "/metrics", "/")) {
            all.append(StatusClient.get(status, path));
        }
        return all.toString();
    }

    @Test
    void shouldNameNothingInWhateverFormOrFault(PrivateNetwork network, Site site) throws Exception {
        InetSocketAddress status = nobody();
        List<String> secrets = new ArrayList<>(List.of(SECRET, ADDRESS, BASIC, base64(SECRET).substring(0, 8),
                HexFormat.of().formatHex(SECRET.getBytes(StandardCharsets.US_ASCII)),
                HexFormat.of().formatHex(ADDRESS_BYTES)));
        try (OnionService service = OnionService.start(network, site.port());
                NetworkClient client = network.addClient(ControlLogin.cookie(), List.of(), START);
                QtopChild qtop = QtopChild.run(folder, client.socks(), client.control(), "--control-cookie",
                        client.cookieFile().toString(), "--log-format", "json", "--seeds", "100000",
                        "--status-listen", QtopChild.text(status))) {
            secrets.add(service.host().replace(".onion", ""));
            secrets.forEach(qtop::hiding);
            proxy = qtop.address();
            Waiting.until(START, "the onion service", () -> connect(service.host(), 80) == 0);
            visit(site, service.host());
            String shown = pages(status);
            client.kill();
            qtop.awaitErr("\"level\":\"WARN\"");
            assertNotEquals(0, connect(Site.HOST, site.port()), "no Tor");
            shown += pages(status);
            for (String secret : secrets) {
                assertFalse(shown.contains(secret), secret);
            }
            JsonNode streams = new ObjectMapper().readTree(StatusClient.get(status, "/api/status")).path("streams");
            assertTrue(streams.path("torUnreachable").asInt() > 0, streams.toString());
            assertTrue(streams.path("streamsReleased").asInt() > 8, streams.toString());
            assertTrue(qtop.releases(8).size() >= 8);
            for (String line : qtop.err()) {
                assertTrue(new ObjectMapper().readTree(line).isObject(), line);
            }
            assertTrue(qtop.said().contains("held"), "streams are logged");
        }
    }
}
