package org.qtop.proxy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.status.StatusClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code qtop status}: what a running qtop does. */
@Command(name = "status", mixinStandardHelpOptions = true,
        description = "Show what a running qtop does: Tor, streams, holds, circuits, seeds. Exit code 8 if none runs.")
final class StatusCommand implements Callable<Integer> {

    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Option(names = "--status-listen", paramLabel = "HOST:PORT|unix:PATH",
            description = "where the running qtop tells its status (default: 127.0.0.1:9152)")
    private String address;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Option(names = "--watch", arity = "0..1", fallbackValue = "2", paramLabel = "SECONDS",
            description = "show it again and again, every 2 seconds unless said otherwise")
    private Integer watchSeconds;

    @Override
    public Integer call() throws Failure {
        SocketAddress where = where();
        if (watchSeconds == null) {
            show(where);
            return ExitCode.OK.code();
        }
        return Shutdown.run(shutdown -> {
            while (true) {
                show(where);
                TimeUnit.SECONDS.sleep(Math.max(1, watchSeconds));
            }
        }).code();
    }

    private SocketAddress where() throws Failure {
        String text = Optional.ofNullable(address)
                .or(() -> Optional.ofNullable(System.getenv(Setting.STATUS_LISTEN.variable())))
                .orElse(Setting.STATUS_LISTEN.defaultValue().orElseThrow());
        return Values.socket(text).orElseThrow(() -> new Failure(ExitCode.USAGE, "--status-listen \"" + text
                + "\": give an IP address and a port, such as 127.0.0.1:9152, or unix:/path"));
    }

    private void show(SocketAddress where) throws Failure {
        ObjectMapper mapper = new ObjectMapper();
        try {
            ObjectNode status = (ObjectNode) mapper.readTree(StatusClient.get(where, "/api/status"));
            JsonNode circuits = mapper.readTree(StatusClient.get(where, "/api/circuits"));
            if (json) {
                status.setAll((ObjectNode) circuits);
                System.out.println(watchSeconds == null
                        ? mapper.writerWithDefaultPrettyPrinter().writeValueAsString(status) : status.toString());
            } else {
                System.out.print((watchSeconds != null && System.console() != null ? CLEAR : "")
                        + StatusText.of(status, circuits));
            }
            System.out.flush();
        } catch (IOException | ClassCastException e) {
            throw new Failure(ExitCode.NOT_RUNNING, "no qtop tells its status at " + Values.text(where) + " ("
                    + e.getMessage() + "); start qtop run, or give the --status-listen of the one that runs");
        }
    }
}
