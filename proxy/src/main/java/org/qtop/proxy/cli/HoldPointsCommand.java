package org.qtop.proxy.cli;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.ControlSettings;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.privatenet.NetworkProgress;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.privatenet.TorStartException;
import org.qtop.proxy.stream.StreamEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code qtop hold-points}: measures what waits at each hold point, on a private network. For scripts/hold-points. */
@Command(name = "hold-points", mixinStandardHelpOptions = true, hidden = true,
        description = "Measure on a private Tor network when a stream's BEGIN, connection, first data and reply come"
                + " after the client's request, for each hold point.")
final class HoldPointsCommand implements Callable<Integer> {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final String MIN_HOLD = "50ms";
    private static final String MAX_HOLD = "100ms";

    @Option(names = "--streams", defaultValue = "100", paramLabel = "COUNT",
            description = "streams for each hold point (default: ${DEFAULT-VALUE})")
    private int streams;

    /** When a stream's first BEGIN went out, as Tor tells another controller. */
    private static final class Begins implements ControlObserver {
        private volatile long lastNanos;

        @Override
        public void onStream(StreamEvent event) {
            if (event.status() == StreamEvent.Status.SENTCONNECT) {
                lastNanos = System.nanoTime();
            }
        }
    }

    /** Nanoseconds after the client's request. */
    private record Times(long begin, long connection, long data, long reply) {
    }

    @Override
    public Integer call() throws Failure {
        Logs.apply("warn", "text");
        Console console = Console.standardOutput();
        return Shutdown.run(shutdown -> {
            try (FarSide far = FarSide.start(); PrivateNetwork network = PrivateNetwork.start(
                    PrivateNetwork.Settings.defaults(), NetworkProgress.NONE)) {
                Begins begins = new Begins();
                try (TorControl control = TorControl.open(ControlSettings.at(network.control())
                        .withCookieFile(network.cookieFile()), begins)) {
                    console.line(heading(control.identity().version()));
                    table(console, far, network, begins);
                    return ExitCode.OK;
                }
            } catch (TorStartException e) {
                throw Failure.of(e);
            } catch (ControlException e) {
                throw Failure.of(e);
            } catch (IOException e) {
                throw new Failure(ExitCode.FAILED, "the measurement failed: " + e.getMessage());
            }
        }).code();
    }

    private String heading(String torVersion) {
        return "Milliseconds after the client's request: median (5% to 95%) of " + streams + " streams, holds "
                + MIN_HOLD + " to " + MAX_HOLD + ", Tor " + torVersion;
    }

    private void table(Console console, FarSide far, PrivateNetwork network, Begins begins)
            throws Failure, IOException, InterruptedException {
        console.line("");
        console.line("| hold at | BEGIN | connection at the far side | first data at the far side | reply |");
        console.line("|---|---|---|---|---|");
        row(console, "(no hold)", measure(far, network, begins, HoldAt.REQUEST, "0ms", "0ms"));
        for (HoldAt point : HoldAt.values()) {
            row(console, "`" + word(point) + "`", measure(far, network, begins, point, MIN_HOLD, MAX_HOLD));
        }
    }

    private static String word(HoldAt point) {
        return point.name().toLowerCase(Locale.ROOT);
    }

    private static void row(Console console, String name, List<Times> times) {
        console.line("| " + name + " | " + spread(times, Times::begin) + " | " + spread(times, Times::connection)
                + " | " + spread(times, Times::data) + " | " + spread(times, Times::reply) + " |");
    }

    private static String spread(List<Times> times, ToLongFunction<Times> what) {
        long[] sorted = times.stream().mapToLong(what).sorted().toArray();
        return String.format(Locale.ROOT, "%.1f (%.1f to %.1f)", sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length / 20] / 1e6, sorted[sorted.length - 1 - sorted.length / 20] / 1e6);
    }

    private List<Times> measure(FarSide far, PrivateNetwork network, Begins begins, HoldAt point, String min,
            String max) throws Failure, IOException, InterruptedException {
        List<Times> times = new ArrayList<>();
        Settings settings;
        try {
            settings = Settings.of(Map.of(Setting.LISTEN, "127.0.0.1:0", Setting.STATUS_LISTEN, "none",
                    Setting.TOR_SOCKS, Values.text(network.socks()), Setting.TOR_CONTROL,
                    Values.text(network.control()), Setting.CONTROL_COOKIE, network.cookieFile().toString(),
                    Setting.MIN_HOLD, min, Setting.MAX_HOLD, max, Setting.HOLD_AT, word(point)), System.getenv());
        } catch (SettingException e) {
            throw Failure.of(e);
        }
        try (Qtop qtop = Qtop.start(settings, Console.standardError())) {
            stream(qtop.address(), far, begins);
            for (int i = 0; i < streams; i++) {
                times.add(stream(qtop.address(), far, begins));
            }
        }
        return times;
    }

    /** One stream, of a client that waits for Tor's reply before it speaks, as most do. */
    private static Times stream(InetSocketAddress qtop, FarSide far, Begins begins)
            throws IOException, InterruptedException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(qtop, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            out.write(new byte[] {5, 1, 0});
            in.readFully(new byte[2]);
            byte[] request = {5, 1, 0, 1, 127, 0, 0, 1, (byte) (far.port() >> 8), (byte) far.port()};
            long asked = System.nanoTime();
            out.write(request);
            byte[] reply = new byte[10];
            in.readFully(reply);
            long replied = System.nanoTime();
            if (reply[1] != 0) {
                throw new IOException("Tor answered " + Arrays.toString(reply));
            }
            long begun = begins.lastNanos;
            out.write('x');
            FarSide.Sight sight = far.next();
            return new Times(begun - asked, sight.connectedNanos() - asked, sight.dataNanos() - asked,
                    replied - asked);
        }
    }
}
