package org.qtop.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.qtop.bench.load.SetupLoad;
import org.qtop.bench.load.StandInTor;
import org.qtop.bench.load.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs peers in alternating rounds and prints the table. */
@Command(name = "compare", mixinStandardHelpOptions = true,
        description = "Compares qtop with what stands between a client and Tor otherwise.")
public final class Compare implements Callable<Integer> {

    @Option(names = "--root", required = true, description = "the checkout")
    private Path root;

    @Mixin
    private KeptRounds rounds;

    @Option(names = "--against", description = "peers with commas between; default: all that are here")
    private String against;

    @Option(names = "--only", description = "parts with commas between; default: all but memory")
    private String only;

    @Option(names = "--seconds", defaultValue = "2", description = "for each row (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(names = "--warm", defaultValue = "4", description = "seconds of warming up (default: ${DEFAULT-VALUE})")
    private double warm;

    private Compare() {
    }

    /**
     * Measures and prints.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(Launch.run(Compare.class, arguments));
    }

    @Override
    public Integer call() throws IOException {
        Peers there = new Peers(root.toAbsolutePath().normalize());
        List<Peer> peers = against == null ? there.usual() : there.parse(against);
        Set<Part> parts = only == null ? Part.usual() : Part.parse(only);
        Rounds kept = rounds.open();
        try (StandInTor tor = StandInTor.start()) {
            new SetupLoad(Target.standIn(tor.socks())).together(256, time(warm).toNanos());
            rounds.add(kept, (into, number) -> round(into, number, peers, parts, tor));
        }
        System.out.print(Table.markdown(kept));
        return 0;
    }

    private static Duration time(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /** Every other round goes backwards, so that nobody is always behind the same. */
    private void round(Rounds kept, int number, List<Peer> peers, Set<Part> parts, StandInTor tor)
            throws IOException {
        List<Peer> order = new ArrayList<>(peers);
        if (number % 2 == 0) {
            Collections.reverse(order);
        }
        for (Peer peer : order) {
            Ports.awaitFree();
            try (PeerProcess process = PeerProcess.start(peer, tor, List.of())) {
                Rounds.Result result = new Rounds.Result(number, peer.name(),
                        new Measurement(process, tor, time(seconds), time(warm)).run(parts));
                kept.add(result);
                System.err.println(Table.line(result));
            } catch (IOException e) {
                if (peer.direct() || peer.name().startsWith("qtop")) {
                    throw new IOException(peer.name() + ": " + e.getMessage(), e);
                }
                System.err.println(number + " " + peer.name() + ": left out of this round: " + e.getMessage());
            }
        }
    }
}
