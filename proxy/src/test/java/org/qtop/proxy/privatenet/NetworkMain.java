package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.qtop.proxy.privatenet.NetworkProgress.Step;

/**
 * Boots a network in a JVM of its own, for tests that end that JVM. Prints {@code folder PATH}, then {@code tor PID}
 * for each server once they run, then {@code running}, and goes on until it is ended.
 */
final class NetworkMain {
    private NetworkMain() {
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        PrivateNetwork network = PrivateNetwork.create(PrivateNetwork.Settings.defaults().withParent(Path.of(args[0]))
                .withLimit(Duration.ofMinutes(3)));
        System.out.println("folder " + network.folder());
        network.boot((step, percent, detail) -> {
            if (step == Step.RELAYS && percent == 100) {
                network.started().forEach(tor -> System.out.println("tor " + tor.pid()));
                System.out.println("running");
            }
        });
        Thread.sleep(Duration.ofMinutes(10).toMillis());
    }
}
