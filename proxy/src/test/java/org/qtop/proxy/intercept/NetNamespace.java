package org.qtop.proxy.intercept;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A network namespace whose only way out is one address of this machine. Needs root, ip and nsenter. For tests. */
final class NetNamespace implements AutoCloseable {

    /** This machine's end, in a block for private use (RFC 1918). */
    static final String OUTSIDE = "10.213.77.9";
    private static final String INSIDE = "10.213.77.10";

    private final String name = "qtop" + ProcessHandle.current().pid();

    /** Makes one, or says why it cannot. */
    Optional<String> make() {
        String outer = "qv" + ProcessHandle.current().pid();
        for (String command : List.of(
                "ip netns add " + name,
                "ip link add " + outer + " type veth peer name inner netns " + name,
                "ip address add " + OUTSIDE + "/30 dev " + outer,
                "ip link set " + outer + " up",
                enter() + " ip address add " + INSIDE + "/30 dev inner",
                enter() + " ip link set inner up")) {
            Optional<String> trouble = run(command.split(" "));
            if (trouble.isPresent()) {
                return trouble;
            }
        }
        return Optional.empty();
    }

    /** What runs a command inside; {@code ip -n} and {@code ip netns exec} mount, which a changed root forbids. */
    private String enter() {
        return "nsenter --net=/run/netns/" + name;
    }

    /** Starts a program inside. */
    Process start(String... command) throws IOException {
        return new ProcessBuilder(Stream.concat(Stream.of(enter().split(" ")), Arrays.stream(command))
                .toList()).redirectErrorStream(true).start();
    }

    private static Optional<String> run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.empty()
                    : Optional.of(String.join(" ", command) + ": " + said.strip());
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** The pair of links goes with the namespace, once what runs in it has ended. */
    @Override
    public void close() {
        run("ip", "link", "delete", "qv" + ProcessHandle.current().pid());
        run("ip", "netns", "delete", name);
    }
}
