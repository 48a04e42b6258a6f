package org.qtop.proxy.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.status.StatusClient;

/** Tor's SOCKS port, and our own. Stateless. */
final class PortChecks {

    static final String SOCKS = "socks-port";
    static final String LISTEN = "listen-port";

    private static final int LIMIT_MILLIS = 3_000;
    private static final byte[] GREETING = {5, 1, 0};

    private PortChecks() {
    }

    static Finding socks(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.getOutputStream().write(GREETING);
            byte[] answer = socket.getInputStream().readNBytes(2);
            return answer.length == 2 && answer[0] == 5 && answer[1] == 0
                    ? Finding.ok(SOCKS, "SOCKS5 is spoken at " + Values.text(address)) : notSocks(address);
        } catch (SocketTimeoutException e) {
            return notSocks(address);
        } catch (IOException e) {
            return Finding.failed(SOCKS, "Nothing useful answers at " + Values.text(address) + " (" + e.getMessage()
                    + ").", "Start Tor (sudo systemctl start tor), with SocksPort " + address.getPort()
                    + " in its torrc, or give the right --tor-socks.");
        }
    }

    private static Finding notSocks(InetSocketAddress address) {
        return Finding.failed(SOCKS, "What listens at " + Values.text(address) + " does not speak SOCKS5.",
                "Give the address of Tor's SocksPort; its ControlPort is another.");
    }

    static Finding listen(Settings settings) {
        InetSocketAddress address = settings.listen();
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
            return Finding.ok(LISTEN, Values.text(address) + " is free.");
        } catch (IOException e) {
            return taken(settings, address, String.valueOf(e.getMessage()));
        }
    }

    private static Finding taken(Settings settings, InetSocketAddress address, String why) {
        if (!why.contains("in use")) {
            return Finding.failed(LISTEN, Values.text(address) + " cannot be listened on (" + why + ").",
                    "Give --listen an address of this machine, and a port that this user may use.");
        }
        if (qtopAt(settings, address)) {
            return Finding.ok(LISTEN, "A qtop runs at " + Values.text(address) + ".");
        }
        Optional<PortOwner> owner = PortOwner.of(address.getPort());
        String who = owner.map(PortOwner::text).orElse("a program of another user");
        boolean tor = owner.filter(PortOwner::isTor).isPresent();
        return Finding.failed(LISTEN, Values.text(address) + " is taken by " + who + ".", tor
                ? "This is a tor; Tor Browser's own uses 9150. Close Tor Browser, or start it with TOR_SKIP_LAUNCH=1"
                        + " and TOR_SOCKS_PORT, or give qtop another --listen."
                : "End that program, or give another --listen.");
    }

    private static boolean qtopAt(Settings settings, InetSocketAddress address) {
        try {
            return settings.statusListen().isPresent() && new ObjectMapper().readTree(StatusClient.get(
                    settings.statusListen().get(), "/api/status")).path("listen").asText().equals(Values.text(address));
        } catch (IOException e) {
            return false;
        }
    }
}
