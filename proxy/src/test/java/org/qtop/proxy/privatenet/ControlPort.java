package org.qtop.proxy.privatenet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One question to a control port, by hand. */
final class ControlPort {
    private ControlPort() {
    }

    /** Logs in with what stands after AUTHENTICATE; returns the reply. */
    static String login(InetSocketAddress control, String secret) throws IOException {
        try (Socket socket = new Socket(control.getAddress(), control.getPort())) {
            socket.getOutputStream().write(("AUTHENTICATE " + secret + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }
}
