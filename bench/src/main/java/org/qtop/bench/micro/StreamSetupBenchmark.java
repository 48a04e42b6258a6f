package org.qtop.bench.micro;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.qtop.bench.load.SocksClient;
import org.qtop.bench.load.StandInSocksServer;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.connector.TorConnector;
import org.qtop.proxy.connector.Transport;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.BulkLoops;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.socks.FrontContext;
import org.qtop.proxy.socks.SocksServer;
import org.qtop.proxy.socks.TorHttp;
import org.qtop.proxy.stream.StreamTable;

/** The latency of a stream's set-up: from the client's connect to the first byte back from the far end. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Meaning(value = "One operation opens a stream on loopback, sends one byte, reads its echo and closes. The stand-in "
        + "SOCKS server answers at once, so \"direct\" is what machine and client cost; what is above it is qtop's.",
        baseline = "direct")
public class StreamSetupBenchmark {

    private static final int MAX_STREAMS = 1_000;

    private StandInSocksServer standIn;
    private Transport transport;
    private QuantumCache seeds;
    private SocksServer qtop;

    /**
     * Starts the stand-in, and a qtop before it that holds for no time and has no control port.
     *
     * @throws IOException if one of them cannot listen
     */
    @Setup
    public void start() throws IOException {
        standIn = StandInSocksServer.start(1);
        transport = Transport.start(1);
        seeds = new QuantumCache(QuantumCache.MIN_CAPACITY);
        Metrics metrics = new Metrics();
        Holds holds = new Holds(new TopologicalTimingEngine(seeds::nextSeed, HoldLaw.uniform(0, 0), 2 * Math.PI, 1));
        qtop = SocksServer.listen(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new FrontContext(new TorConnector(transport, standIn::address), holds,
                        new StreamTable(metrics, stream -> { }), metrics, Optional::empty, MAX_STREAMS,
                        TorHttp.asSocks(() -> ""), () -> HoldAt.REQUEST, BulkLoops.none()));
    }

    /** Ends both. */
    @TearDown
    public void stop() {
        qtop.close();
        seeds.close();
        transport.close();
        standIn.close();
    }

    /**
     * Asks the stand-in through qtop.
     *
     * @return the byte that came back
     * @throws IOException if the stream fails
     */
    @Benchmark
    public int throughQtop() throws IOException {
        return echoThrough(qtop.address());
    }

    /**
     * Asks the stand-in directly.
     *
     * @return the byte that came back
     * @throws IOException if the stream fails
     */
    @Benchmark
    public int direct() throws IOException {
        return echoThrough(standIn.address());
    }

    private static int echoThrough(InetSocketAddress socks) throws IOException {
        try (SocksClient client = SocksClient.connect(socks, StandInSocksServer.ECHO)) {
            client.out().write(1);
            return client.in().readUnsignedByte();
        }
    }
}
