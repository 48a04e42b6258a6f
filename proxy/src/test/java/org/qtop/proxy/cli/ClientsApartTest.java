package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;

/** Clients at a whole qtop, in front of a stand-in for each of Tor's ports. */
class ClientsApartTest {

    private static final String FIRST_OF_POOL = "127.128.0.1";
    private static final String SECOND_OF_POOL = "127.128.0.2";

    @Test
    void shouldGiveASocksClientAndAnHttpClientAddressesOfTheirOwn() throws Exception {
        try (ServerSocket socks = standIn(); ServerSocket http = standIn();
                Qtop qtop = Qtop.start(Settings.of(Map.of(Setting.TOR_SOCKS, Values.text(socks.getLocalSocketAddress()),
                        Setting.TOR_HTTP, Values.text(http.getLocalSocketAddress()), Setting.TOR_CONTROL, "none",
                        Setting.LISTEN, "127.0.0.1:0,127.0.0.1:0,127.0.0.1:0", Setting.STATUS_LISTEN, "none"),
                        Map.of()), Console.to(new PrintStream(PrintStream.nullOutputStream()), false))) {
            // The start tried whether somebody is there.
            socks.accept().close();
            try (Socket socksClient = client(qtop, 1, "\5\1\0\5\1\0\1\177\0\0\1\0\120");
                    Socket ofSocksClient = socks.accept();
                    Socket httpClient = client(qtop, 2, "CONNECT a.example:80 HTTP/1.0\r\n\r\n");
                    Socket ofHttpClient = http.accept()) {
                assertEquals(FIRST_OF_POOL, caller(ofSocksClient));
                assertEquals(SECOND_OF_POOL, caller(ofHttpClient));
                assertTrue(socksClient.isConnected() && httpClient.isConnected());
            }
        }
    }

    private static ServerSocket standIn() throws IOException {
        ServerSocket socket = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static Socket client(Qtop qtop, int listener, String says) throws IOException {
        Socket client = new Socket(InetAddress.getByName("127.0.0.1"), qtop.listeners().get(listener).address()
                .getPort());
        client.getOutputStream().write(says.getBytes(StandardCharsets.ISO_8859_1));
        return client;
    }

    private static String caller(Socket socket) {
        return socket.getInetAddress().getHostAddress();
    }
}
