package org.qtop.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The local ports that a run uses up: a program that ends its streams in good order, not by a reset, leaves each port
 * waiting for a minute, and the next one could open no more. Stateless.
 *
 * <p>Source: proc(5), {@code /proc/net/sockstat}; tcp(7), {@code TIME_WAIT}.
 */
final class Ports {

    /** A third of those that Linux has to give by default. */
    private static final long FEW = 9_000;
    /** As long as a port waits, and a little. */
    private static final int LIMIT_SECONDS = 75;
    private static final Pattern WAITING = Pattern.compile("(?m)^TCP:.* tw (\\d+)");

    private Ports() {
    }

    /** Waits until few ports wait. */
    static void awaitFree() throws IOException {
        Path told = Path.of("/proc/net/sockstat");
        for (int i = 0; i < LIMIT_SECONDS && Files.exists(told) && waiting(Files.readString(told)) > FEW; i++) {
            PeerProcess.pause(Duration.ofSeconds(1));
        }
    }

    /** How many ports wait, by a {@code sockstat}. */
    static long waiting(String sockstat) {
        Matcher told = WAITING.matcher(sockstat);
        return told.find() ? Long.parseLong(told.group(1)) : 0;
    }
}
