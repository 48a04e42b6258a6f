package org.qtop.bench.micro;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamEvent.Status;
import org.qtop.proxy.stream.StreamTable;

/** A stream brought together with its events. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Meaning(value = "One operation enters a stream among 1,000 that wait, takes in its NEW, SENTCONNECT, SUCCEEDED and "
        + "CLOSED, and reports it; the baseline puts the same key into a map of as many and takes it out again.",
        baseline = "map")
public class CorrelationBenchmark {

    private static final int WAITING = 1_000;
    private static final int FIRST_PORT = 10_000;
    private static final int PORTS = 50_000;

    private final InetSocketAddress[] sources = new InetSocketAddress[PORTS];
    private final Map<InetSocketAddress, Long> map = new HashMap<>();
    private StreamTable table;
    private long reported;
    private long number;

    /** Fills table and map with those that wait. */
    @Setup
    public void fill() {
        for (int i = 0; i < PORTS; i++) {
            sources[i] = new InetSocketAddress(InetAddress.getLoopbackAddress(), FIRST_PORT + i);
        }
        table = new StreamTable(new Metrics(), stream -> reported += stream.number());
        table.connected();
        for (int i = 0; i < WAITING; i++) {
            table.opened(next(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 1 + i));
            map.put(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1 + i), number);
        }
    }

    private ProxyStream next() {
        number++;
        return new ProxyStream(number, Kind.CONNECT, number, 0);
    }

    /**
     * A key put in and taken out.
     *
     * @return what was taken out
     */
    @Benchmark
    public Long map() {
        number++;
        InetSocketAddress source = sources[(int) (number % PORTS)];
        map.put(source, number);
        return map.remove(source);
    }

    /**
     * A stream from its request to its end.
     *
     * @return the sum of the numbers reported so far
     */
    @Benchmark
    public long stream() {
        ProxyStream stream = next();
        InetSocketAddress source = sources[(int) (number % PORTS)];
        table.opened(stream, source);
        tell(Status.NEW, source);
        tell(Status.SENTCONNECT, null);
        tell(Status.SUCCEEDED, null);
        tell(Status.CLOSED, null);
        return reported;
    }

    private void tell(Status status, InetSocketAddress source) {
        table.onStream(new StreamEvent(number, status, status == Status.NEW ? 0 : 7, source, null, null, null));
    }
}
