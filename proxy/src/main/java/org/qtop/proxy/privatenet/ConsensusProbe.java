package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Asks a directory authority for its current consensus and looks whether it is complete.
 *
 * <p>Document format: dir-spec, section 3.4.1. Thread-safe; keeps nothing.
 */
final class ConsensusProbe {
    private static final int TIMEOUT_MILLIS = 2_000;

    private ConsensusProbe() {
    }

    /** Whether the authority has a consensus that lists all these exits as running. */
    static boolean complete(int dirPort, List<String> exits) {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL("http", "127.0.0.1", dirPort,
                    "/tor/status-vote/current/consensus").openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try (InputStream body = connection.getInputStream()) {
                return lists(new String(body.readAllBytes(), StandardCharsets.ISO_8859_1), exits);
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return false;
        }
    }

    static boolean lists(String consensus, List<String> exits) {
        int found = 0;
        String nickname = "";
        for (String line : consensus.split("\n")) {
            if (line.startsWith("r ")) {
                nickname = line.split(" ", 3)[1];
            } else if (line.startsWith("s ") && exits.contains(nickname)
                    && List.of(line.split(" ")).containsAll(List.of("Exit", "Running"))) {
                found++;
            }
        }
        return found == exits.size();
    }
}
