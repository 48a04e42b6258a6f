package org.qtop.bench.micro;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.qtop.proxy.control.EventParser;
import org.qtop.proxy.stream.StreamEvent;

/** An event of Tor's control port, made of its line. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Meaning(value = "One operation parses the data of one STREAM event, as Tor 0.4.9 writes it; the baseline splits the "
        + "longer line at its blanks. Tor sends some four events for each stream.", baseline = "split")
public class EventBenchmark {

    /** Not constants, so that no parsing is done ahead. */
    private String fresh = "4711 NEW 0 example.com:443 SOURCE_ADDR=127.0.0.1:40123 PURPOSE=USER CLIENT_PROTOCOL=SOCKS5"
            + " NYM_EPOCH=0 SESSION_GROUP=-3 ISO_FIELDS=SESSION_GROUP";
    private String sent = "4711 SENTCONNECT 12 example.com:443";
    private final EventParser parser = new EventParser();

    /**
     * Splits at blanks.
     *
     * @return the pieces
     */
    @Benchmark
    public String[] split() {
        return fresh.split(" ");
    }

    /**
     * Parses a NEW event, which carries the client's address.
     *
     * @return the event
     */
    @Benchmark
    public Optional<StreamEvent> newStream() {
        return parser.stream(fresh);
    }

    /**
     * Parses a later event, which carries the circuit.
     *
     * @return the event
     */
    @Benchmark
    public Optional<StreamEvent> sentConnect() {
        return parser.stream(sent);
    }
}
