package org.qtop.proxy.cli;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.qtop.proxy.privatenet.NetworkClient;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** An onion service on a private network, while this is open (control-spec: ADD_ONION, event HS_DESC). For tests. */
public final class OnionService implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int ATTEMPT_MILLIS = 15_000;

    private final Socket control;
    private final BufferedReader in;
    private String name = "";

    private OnionService(Socket control) throws IOException {
        this.control = control;
        in = new BufferedReader(new InputStreamReader(control.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Starts a service in front of a port, and waits until it can be reached. */
    public static OnionService start(PrivateNetwork network, int port) throws Exception {
        return start(network.client(), port);
    }

    /** The same in a client's Tor of one's own, which lets anybody in or by its cookie. */
    static OnionService start(NetworkClient tor, int port) throws Exception {
        Socket socket = new Socket(tor.control().getAddress(), tor.control().getPort());
        OnionService service = new OnionService(socket);
        boolean reachable = false;
        try {
            socket.setSoTimeout((int) LIMIT.toMillis());
            String login = Files.exists(tor.cookieFile())
                    ? " " + HexFormat.of().formatHex(Files.readAllBytes(tor.cookieFile())) : "";
            service.tell("AUTHENTICATE" + login);
            service.tell("SETEVENTS HS_DESC");
            service.tell("ADD_ONION NEW:ED25519-V3 Flags=DiscardPK Port=80,127.0.0.1:" + port);
            service.awaitUploads();
            Waiting.until(LIMIT, "an onion service that can be reached", service.reaches(tor.socks()));
            reachable = true;
            return service;
        } finally {
            if (!reachable) {
                service.close();
            }
        }
    }

    /** The host that streams ask for. */
    public String host() {
        return name + ".onion";
    }

    private void tell(String command) throws IOException {
        control.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String line = line(); !line.startsWith("250 "); line = line()) {
            if (line.startsWith("250-ServiceID=")) {
                name = line.substring("250-ServiceID=".length());
            } else if (line.startsWith("5")) {
                throw new IOException("Tor answered " + line);
            }
        }
    }

    private String line() throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new EOFException("Tor closed the control connection");
        }
        return line;
    }

    /** A client that asks a directory too early remembers that it has nothing. */
    private void awaitUploads() throws IOException {
        int begun = 0;
        int uploaded = 0;
        int failed = 0;
        while (uploaded == 0 || uploaded + failed < begun) {
            String line = line();
            begun += line.startsWith("650 HS_DESC UPLOAD ") ? 1 : 0;
            uploaded += line.startsWith("650 HS_DESC UPLOADED ") ? 1 : 0;
            failed += line.startsWith("650 HS_DESC FAILED ") ? 1 : 0;
        }
    }

    private Callable<Boolean> reaches(InetSocketAddress socks) {
        return () -> {
            try (SocksStream stream = new SocksStream(socks)) {
                stream.timeOut(ATTEMPT_MILLIS);
                return stream.connect(host(), 80) == 0;
            } catch (IOException notYet) {
                return false;
            }
        };
    }

    @Override
    public void close() throws IOException {
        control.close();
    }
}
