package org.qtop.proxy.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Optional;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.connector.UnixSocketFile;
import org.qtop.proxy.status.StatusClient;

/** Tor's SOCKS port, and our own. Stateless. */
final class PortChecks {

    static final String SOCKS = "socks-port";
    static final String LISTEN = "listen-port";

    private static final int LIMIT_MILLIS = 3_000;
    private static final byte[] GREETING = {5, 1, 0};
    private static final String ACCEPTED = "\5\0";

    private PortChecks() {
    }

    static Finding socks(SocketAddress address) {
        try {
            String answer = Talk.exchange(address, GREETING, LIMIT_MILLIS, said -> said.length() >= ACCEPTED.length());
            return answer.equals(ACCEPTED) ? Finding.ok(SOCKS, "SOCKS5 is spoken at " + Values.text(address))
                    : notSocks(address);
        } catch (SocketTimeoutException e) {
            return notSocks(address);
        } catch (IOException e) {
            return Finding.failed(SOCKS, "Nothing useful answers at " + Values.text(address) + " (" + e.getMessage()
                    + ").", "Start Tor (sudo systemctl start tor), with SocksPort "
                    + (address instanceof InetSocketAddress inet ? inet.getPort() : Values.text(address))
                    + " in its torrc, or give the right --tor-socks.");
        }
    }

    private static Finding notSocks(SocketAddress address) {
        return Finding.failed(SOCKS, "What listens at " + Values.text(address) + " does not speak SOCKS5.",
                "Give the address of Tor's SocksPort; its ControlPort is another.");
    }

    static Finding listen(Settings settings, SocketAddress address) {
        try {
            if (address instanceof UnixDomainSocketAddress unix) {
                UnixSocketFile.checkFree(unix.getPath());
            } else {
                bind(address);
            }
            return Finding.ok(LISTEN, Values.text(address) + " is free.");
        } catch (IOException e) {
            return taken(settings, address, String.valueOf(e.getMessage()));
        }
    }

    private static void bind(SocketAddress address) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        }
    }

    private static Finding taken(Settings settings, SocketAddress address, String why) {
        if (!why.contains("in use")) {
            return Finding.failed(LISTEN, Values.text(address) + " cannot be listened on (" + why + ").",
                    "Give --listen an address or path of this machine that this user may use.");
        }
        if (qtopAt(settings, address)) {
            return Finding.ok(LISTEN, "A qtop runs at " + Values.text(address) + ".");
        }
        Optional<PortOwner> owner = address instanceof InetSocketAddress inet ? PortOwner.of(inet.getPort())
                : Optional.empty();
        String who = owner.map(PortOwner::text).orElse("a program of another user");
        boolean tor = owner.filter(PortOwner::isTor).isPresent();
        return Finding.failed(LISTEN, Values.text(address) + " is taken by " + who + ".", tor
                ? "This is a tor; Tor Browser's own uses 9150. Close Tor Browser, or start it with scripts/tor-browser,"
                        + " or give qtop another --listen."
                : "End that program, or give another --listen.");
    }

    private static boolean qtopAt(Settings settings, SocketAddress address) {
        try {
            return settings.statusListen().isPresent() && List.of(new ObjectMapper().readTree(StatusClient.get(
                    settings.statusListen().get(), "/api/status")).path("listen").asText().split(","))
                    .contains(Values.text(address));
        } catch (IOException e) {
            return false;
        }
    }
}
