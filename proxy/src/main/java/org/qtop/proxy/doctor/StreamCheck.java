package org.qtop.proxy.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.qtop.proxy.config.Listen;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.status.StatusClient;

/** Sends one stream through a running qtop and looks whether it was really held. Stateless. */
public final class StreamCheck {

    /** The check's name. */
    public static final String NAME = "stream";

    private static final int LIMIT_MILLIS = 60_000;
    private static final int TRIES = 60;
    private static final long PAUSE_MILLIS = 100;
    private static final int CODE = 1;

    private StreamCheck() {
    }

    /**
     * Sends the stream.
     *
     * @param settings of the qtop that runs
     * @param host where to, a name or an address; resolved by Tor, and not told in the finding
     * @param port where to
     * @return what was seen
     */
    public static Finding of(Settings settings, String host, int port) {
        Optional<SocketAddress> status = settings.statusListen();
        try {
            if (status.isEmpty()) {
                return Finding.skipped(NAME, "Needs the status of a running qtop, and --status-listen is none.");
            }
            Optional<InetSocketAddress> proxy = proxy(settings);
            if (proxy.isEmpty()) {
                return Finding.skipped(NAME, "Needs a --listen on TCP that takes no PROXY header.");
            }
            long before = released(status.get());
            int code = connect(proxy.get(), host, port);
            if (code != 0) {
                return Finding.failed(NAME, "The stream was refused with SOCKS reply code " + code + ".",
                        "Look at the warnings of qtop status; code 1, 4, 5 or 6 can also be the destination's fault.");
            }
            return held(settings, status.get(), before);
        } catch (IOException e) {
            return Finding.failed(NAME, "No stream could be sent through qtop (" + e.getMessage() + ").",
                    "Start qtop run, with the same --listen and --status-listen.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.skipped(NAME, "Interrupted.");
        }
    }

    private static Optional<InetSocketAddress> proxy(Settings settings) {
        return settings.listen().stream().filter(listen -> !listen.proxyHeader()).map(Listen::address)
                .filter(InetSocketAddress.class::isInstance).map(InetSocketAddress.class::cast).findFirst();
    }

    private static JsonNode ask(SocketAddress status, String path) throws IOException {
        return new ObjectMapper().readTree(StatusClient.get(status, path));
    }

    private static long released(SocketAddress status) throws IOException {
        return ask(status, "/api/status").path("verifier").path("releases").asLong();
    }

    private static int connect(InetSocketAddress proxy, String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(proxy, LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(new byte[] {5, 1, 0});
            in.skipNBytes(2);
            byte[] name = host.getBytes(StandardCharsets.UTF_8);
            byte[] request = new byte[name.length + 7];
            System.arraycopy(new byte[] {5, 1, 0, 3, (byte) name.length}, 0, request, 0, 5);
            System.arraycopy(name, 0, request, 5, name.length);
            request[name.length + 5] = (byte) (port >> 8);
            request[name.length + 6] = (byte) port;
            socket.getOutputStream().write(request);
            byte[] reply = in.readNBytes(4);
            return reply.length < 4 ? CODE : reply[1] & 0xFF;
        }
    }

    /** The record may come after the reply: Tor's events take their own way. */
    private static Finding held(Settings settings, SocketAddress status, long before)
            throws IOException, InterruptedException {
        for (int i = 0; i < TRIES && released(status) == before; i++) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        JsonNode released = ask(status, "/api/streams").path("released");
        JsonNode last = released.path(released.size() - 1);
        if (released(status) == before || last.isMissingNode()) {
            return Finding.failed(NAME, "The stream went through, but qtop did not record it.",
                    "See that --listen and --status-listen belong to the same qtop.");
        }
        long hold = last.path("holdNanos").asLong();
        String seen = "held for " + Values.time(hold) + ", released " + Values.time(Math.max(0,
                last.path("latenessNanos").asLong())) + " later than planned, on circuit "
                + last.path("circuit").asText("not known") + ".";
        return hold < settings.minHoldNanos() ? Finding.warning(NAME, "The stream was " + seen,
                "It was held for less than --min-hold: the running qtop has other settings.")
                : Finding.ok(NAME, "A stream was " + seen);
    }
}
