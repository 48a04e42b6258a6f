package org.qtop.bench.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.qtop.bench.load.SetupLoad;
import org.qtop.bench.load.StandInTor;
import org.qtop.bench.load.Streams;
import org.qtop.bench.load.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How much later than planned qtop releases streams, from its own journal: idle, under set-ups, and while streams in
 * bulk keep its event loops busy. Beside each, the lateness of a program that only waits at the same time: the kernel's
 * share.
 */
@Command(name = "lateness", mixinStandardHelpOptions = true, description = "Measures planned against actual releases.")
public final class Lateness implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WARM_RATE = 500;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final Duration SETTLE = Duration.ofMillis(1_500);

    /** A range of holds, as the command line takes them. */
    private record Range(String least, String most, Duration longest) {
    }

    /**
     * What goes on meanwhile.
     *
     * @param name in the table
     * @param rate set-ups a second
     * @param bulk streams that download
     */
    private record Load(String name, int rate, int bulk) {
    }

    private static final List<Range> RANGES = List.of(new Range("0.1ms", "10ms", Duration.ofMillis(10)),
            new Range("0", "1s", Duration.ofSeconds(1)));

    private static final List<Load> LOADS = List.of(new Load("idle, 20 a second", 20, 0),
            new Load("100 set-ups a second", 100, 0), new Load("1,000 set-ups a second", 1_000, 0),
            new Load("100 a second, 8 downloads", 100, 8));

    @Option(names = "--root", required = true, description = "the checkout")
    private Path root;

    @Option(names = "--against", defaultValue = "qtop", description = "which qtop, see compare")
    private String which;

    @Option(names = "--seconds", defaultValue = "10", description = "for each load (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(names = "--warm", defaultValue = "5", description = "seconds of warming up (default: ${DEFAULT-VALUE})")
    private double warm;

    @Option(names = "--only", defaultValue = "", description = "loads whose name has this in it (default: all)")
    private String only;

    private Lateness() {
    }

    /**
     * Measures and prints.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(Launch.run(Lateness.class, arguments));
    }

    @Override
    public Integer call() throws IOException {
        List<Load> loads = LOADS.stream().filter(load -> load.name().contains(only)).toList();
        if (loads.isEmpty()) {
            throw new IllegalArgumentException('"' + only + "\" is in the name of no load: "
                    + LOADS.stream().map(Load::name).collect(Collectors.joining("; ")));
        }
        List<Peer> qtops = new Peers(root.toAbsolutePath().normalize()).parse(which);
        System.out.println("| qtop | holds | load | releases | p50, us | p99, us | most, us |");
        System.out.println("|---|---|---|---|---|---|---|");
        try (StandInTor tor = StandInTor.start()) {
            for (Peer qtop : qtops.subList(1, qtops.size())) {
                for (Range range : RANGES) {
                    measure(qtop, range, tor, loads);
                }
            }
        }
        return 0;
    }

    private void measure(Peer qtop, Range range, StandInTor tor, List<Load> loads) throws IOException {
        Path journal = Files.createTempFile("qtop-lateness", ".jsonl");
        try (PeerProcess process = PeerProcess.start(qtop.holding(range.least(), range.most()), tor,
                List.of("--journal", journal.toString()))) {
            new SetupLoad(Target.standIn(process.address())).open(WARM_RATE, nanos(warm));
            for (Load load : loads) {
                settle(range);
                long before = Files.size(journal);
                Optional<Waits> floor = Waits.begin(root, seconds);
                try {
                    run(process, load);
                    settle(range);
                    print(qtop.name(), range.least() + " to " + range.most(), load, lateness(journal, before));
                    if (floor.isPresent()) {
                        print("(a program that only waits)", "0.1ms to 10ms", load, floor.get().lateness());
                    }
                } finally {
                    floor.ifPresent(Waits::close);
                }
            }
        } finally {
            Files.delete(journal);
        }
    }

    private static void print(String who, String holds, Load load, Histogram late) {
        System.out.printf(Locale.ROOT, "| %s | %s | %s | %,d | %s | %s | %s |%n", who, holds, load.name(),
                late.getTotalCount(), micros(late, 50), micros(late, 99), micros(late, 100));
    }

    private void run(PeerProcess process, Load load) throws IOException {
        if (load.bulk() == 0) {
            new SetupLoad(Target.standIn(process.address())).open(load.rate(), nanos(seconds));
            return;
        }
        Streams bulk = Streams.download(Target.standIn(process.address()), load.bulk());
        try {
            new SetupLoad(Target.standIn(process.address())).open(load.rate(), nanos(seconds));
        } finally {
            bulk.close();
        }
    }

    /** Until what is held is released and written down. */
    private static void settle(Range range) throws IOException {
        PeerProcess.pause(SETTLE.plus(range.longest()));
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }

    private static String micros(Histogram late, double percentile) {
        return Table.number(late.getValueAtPercentile(percentile) / NANOS_PER_MICRO);
    }

    /**
     * The lateness of the releases that a journal tells of from this byte on.
     *
     * @return in nanoseconds
     */
    static Histogram lateness(Path journal, long from) throws IOException {
        Histogram late = SetupLoad.histogram();
        byte[] all = Files.readAllBytes(journal);
        String text = new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8);
        for (String line : text.lines().toList()) {
            late.recordValue(JSON.readTree(line).path("latenessNanos").asLong());
        }
        return late;
    }
}
