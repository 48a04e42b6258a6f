package org.qtop.proxy.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.qtop.proxy.config.Listen;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.status.StatusClient;

/**
 * Sends one stream through a running qtop and looks whether it was really held. It is told from other streams by a
 * login of its own, which gives it a circuit of its own: Tor tells which circuit is whose, qtop which was used.
 * Stateless.
 */
public final class StreamCheck {

    /** The check's name. */
    public static final String NAME = "stream";

    private static final int LIMIT_MILLIS = 60_000;
    private static final int TRIES = 60;
    private static final long PAUSE_MILLIS = 100;
    private static final int CODE = 1;
    private static final int KEY_BITS = 128;
    /** A login that only isolates, by its password. Source: Tor proposal 351. */
    private static final String ISOLATED = "<torS0X>0";

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
            return sent(settings, status.get(), proxy.get(), host, port);
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

    private static Finding sent(Settings settings, SocketAddress status, InetSocketAddress proxy, String host, int port)
            throws IOException, InterruptedException {
        String key = new BigInteger(KEY_BITS, new SecureRandom()).toString(Character.MAX_RADIX);
        long before = released(status);
        try (Socket socket = new Socket()) {
            socket.connect(proxy, LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.setTcpNoDelay(true);
            long elapsed = System.nanoTime();
            int code = connect(socket, key, host, port);
            elapsed = System.nanoTime() - elapsed;
            if (code != 0) {
                return Finding.failed(NAME, "The stream was refused with SOCKS reply code " + code + ".",
                        "Look at the warnings of qtop status; code 1, 4, 5 or 6 can also be the destination's fault.");
            }
            // While the stream is open, so that its circuit is there.
            return found(settings, status, before, circuits(settings, key), elapsed);
        }
    }

    /** Gives the reply code. The time counts from here, a little before the request goes. */
    private static int connect(Socket socket, String key, String host, int port) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.write(new byte[] {5, 1, 2});
        in.skipNBytes(2);
        out.write(text(1, ISOLATED, key));
        in.skipNBytes(2);
        byte[] name = host.getBytes(StandardCharsets.UTF_8);
        byte[] request = new byte[name.length + 7];
        System.arraycopy(new byte[] {5, 1, 0, 3, (byte) name.length}, 0, request, 0, 5);
        System.arraycopy(name, 0, request, 5, name.length);
        request[name.length + 5] = (byte) (port >> 8);
        request[name.length + 6] = (byte) port;
        out.write(request);
        byte[] reply = in.readNBytes(4);
        return reply.length < 4 ? CODE : reply[1] & 0xFF;
    }

    private static byte[] text(int first, String... parts) {
        StringBuilder text = new StringBuilder().append((char) first);
        for (String part : parts) {
            text.append((char) part.length()).append(part);
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Tor's numbers of the circuits that carry streams of this login; none if Tor does not tell. */
    private static Set<Long> circuits(Settings settings, String key) {
        if (settings.torControl().isEmpty()) {
            return Set.of();
        }
        try (TorControl control = TorControl.open(ControlChecks.login(settings, settings.torControl().get()),
                new ControlObserver() { })) {
            return control.getInfo("circuit-status").lines().filter(line -> line.contains('"' + key + '"'))
                    .map(line -> Long.valueOf(line.split(" ")[0])).collect(Collectors.toSet());
        } catch (ControlException e) {
            return Set.of();
        }
    }

    /** The record may come after the reply: Tor's events take their own way. */
    private static Finding found(Settings settings, SocketAddress status, long before, Set<Long> circuits, long elapsed)
            throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            long since = released(status) - before;
            List<JsonNode> mine = mine(ask(status, "/api/streams").path("released"), since, circuits);
            if (mine.size() == 1) {
                return judge(mine.get(0), settings.minHoldNanos(), elapsed);
            }
            if (mine.size() > 1) {
                return Finding.warning(NAME, "The stream went through, but which of " + mine.size()
                        + " that went at that time it was cannot be told.", "Give the --tor-control of the Tor that"
                        + " qtop uses, or try again when qtop has less to do.");
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        return Finding.failed(NAME, "The stream went through, but qtop did not record it.",
                "See that --listen and --status-listen belong to the same qtop.");
    }

    /** Those of the last records that may be of our stream: on its circuit, or, if that is not known, any. */
    static List<JsonNode> mine(JsonNode released, long since, Set<Long> circuits) {
        List<JsonNode> mine = new ArrayList<>();
        for (int i = (int) Math.max(0, released.size() - since); i < released.size(); i++) {
            if (circuits.isEmpty() || circuits.contains(released.path(i).path("circuit").asLong())) {
                mine.add(released.path(i));
            }
        }
        return mine;
    }

    /** Compares what qtop has recorded with what its client saw. */
    static Finding judge(JsonNode record, long leastNanos, long elapsedNanos) {
        long hold = record.path("holdNanos").asLong();
        String seen = "held for " + Values.time(hold) + ", released " + Values.time(Math.max(0,
                record.path("latenessNanos").asLong())) + " later than planned, on circuit "
                + record.path("circuit").asText("not known");
        if (elapsedNanos < hold) {
            return Finding.failed(NAME, "qtop has recorded that the stream was " + seen + ", but its reply came after "
                    + Values.time(elapsedNanos) + ": it was not held.", "Report this as a fault of qtop's.");
        }
        return hold < leastNanos ? Finding.warning(NAME, "The stream was " + seen + ".",
                "It was held for less than --min-hold: the running qtop has other settings.")
                : Finding.ok(NAME, "A stream was " + seen + "; its reply came after " + Values.time(elapsedNanos)
                        + ".");
    }
}
