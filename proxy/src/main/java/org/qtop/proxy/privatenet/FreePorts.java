package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Picks TCP ports of 127.0.0.1 that nobody listens on.
 *
 * <p>They lie below the range from which the system takes the ports of outgoing connections, where it leaves room:
 * so that a port stays free while the tor that owns it is down. Somebody can still take one; the start is tried again
 * then. Thread-safe.
 */
final class FreePorts {
    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_767;
    /** Fewer ports than this below the system's range are not worth a search. */
    private static final int LEAST_ROOM = 2_000;
    private static final int ATTEMPTS = 10_000;

    private FreePorts() {
    }

    static List<Integer> pick(int count) throws IOException {
        int highest = Math.min(HIGHEST, firstOutgoing() - 1);
        return highest - LOWEST < LEAST_ROOM ? pickAny(count) : pickBetween(LOWEST, highest, count);
    }

    static List<Integer> pickBetween(int lowest, int highest, int count) throws IOException {
        Set<Integer> found = new LinkedHashSet<>();
        for (int attempt = 0; attempt < ATTEMPTS && found.size() < count; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(lowest, highest + 1);
            if (!found.contains(port) && free(port)) {
                found.add(port);
            }
        }
        if (found.size() < count) {
            throw new IOException("no " + count + " free ports between " + lowest + " and " + highest);
        }
        return List.copyOf(found);
    }

    /** Lets the system choose; all are held until the last is found, so that they differ. */
    static List<Integer> pickAny(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress("127.0.0.1", port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** The system's setting has to be read at one go: a second read of such a file finds its end. */
    static int firstOutgoing() {
        try (InputStream file = Files.newInputStream(RANGE)) {
            byte[] buffer = new byte[64];
            int length = Math.max(0, file.read(buffer));
            return Integer.parseInt(new String(buffer, 0, length, StandardCharsets.US_ASCII).strip().split("\\s+")[0]);
        } catch (IOException | NumberFormatException notLinux) {
            return HIGHEST + 1;
        }
    }
}
