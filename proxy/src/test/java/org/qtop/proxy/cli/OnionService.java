package org.qtop.proxy.cli;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Callable;
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
        Socket socket = new Socket(network.control().getAddress(), network.control().getPort());
        OnionService service = new OnionService(socket);
        boolean reachable = false;
        try {
            socket.setSoTimeout((int) LIMIT.toMillis());
            service.tell("AUTHENTICATE " + HexFormat.of().formatHex(Files.readAllBytes(network.cookieFile())));
            service.tell("SETEVENTS HS_DESC");
            service.tell("ADD_ONION NEW:ED25519-V3 Flags=DiscardPK Port=80,127.0.0.1:" + port);
            service.awaitUploads();
            Waiting.until(LIMIT, "an onion service that can be reached", service.reaches(network));
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
        int done = 0;
        while (done == 0 || done < begun) {
            String line = line();
            begun += line.startsWith("650 HS_DESC UPLOAD ") ? 1 : 0;
            done += line.startsWith("650 HS_DESC UPLOADED ") || line.startsWith("650 HS_DESC FAILED ") ? 1 : 0;
        }
    }

    private Callable<Boolean> reaches(PrivateNetwork network) {
        return () -> {
            try (SocksStream stream = new SocksStream(network.socks())) {
                stream.timeOut(ATTEMPT_MILLIS);
                return stream.connect(host(), 80) == 0;
            } catch (SocketTimeoutException | EOFException notYet) {
                return false;
            }
        };
    }

    @Override
    public void close() throws IOException {
        control.close();
    }
}
