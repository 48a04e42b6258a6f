package org.qtop.bench.micro;

import java.io.IOException;
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

    private StandInSocksServer standIn;

    /**
     * Starts the stand-in.
     *
     * @throws IOException if it cannot listen
     */
    @Setup
    public void start() throws IOException {
        standIn = StandInSocksServer.start(1);
    }

    /** Ends the stand-in. */
    @TearDown
    public void stop() {
        standIn.close();
    }

    /**
     * Asks the stand-in directly.
     *
     * @return the byte that came back
     * @throws IOException if the stream fails
     */
    @Benchmark
    public int direct() throws IOException {
        try (SocksClient client = SocksClient.connect(standIn.address(), StandInSocksServer.ECHO)) {
            client.out().write(1);
            return client.in().readUnsignedByte();
        }
    }
}
