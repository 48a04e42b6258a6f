package org.qtop.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.qtop.proxy.socks.ClientFramer;
import org.qtop.proxy.socks.ClientFramer.Message;

/** The messages of a client, told apart. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Meaning(value = "One operation finds the first message of a conversation: a greeting of SOCKS5, a request of SOCKS4a, "
        + "the head of an HTTP CONNECT. The baseline looks at each of its bytes.", baseline = "bytes")
public class HandshakeBenchmark {

    private static final String SOCKS5 = "050100";
    private static final String SOCKS4A = "040101bb000000017500" + "6578616d706c652e636f6d00";
    private static final String CONNECT = "434f4e4e454354206578616d706c652e636f6d3a34343320485454502f312e310d0a"
            + "486f73743a206578616d706c652e636f6d3a3434330d0a0d0a";

    /** Which conversation. */
    @Param({"socks5", "socks4a", "connect"})
    private String said;

    private ByteBuf bytes;

    /** Lays the bytes out as a channel reads them. */
    @Setup
    public void lay() {
        String hex = switch (said) {
            case "socks5" -> SOCKS5;
            case "socks4a" -> SOCKS4A;
            default -> CONNECT;
        };
        bytes = Unpooled.directBuffer().writeBytes(HexFormat.of().parseHex(hex));
    }

    /** Lets go of the bytes. */
    @TearDown
    public void release() {
        bytes.release();
    }

    /**
     * Looks at each byte.
     *
     * @return their sum
     */
    @Benchmark
    public int bytes() {
        int sum = 0;
        for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
            sum += bytes.getByte(i);
        }
        return sum;
    }

    /**
     * Finds the first message.
     *
     * @return what it is
     */
    @Benchmark
    public Message framer() {
        return new ClientFramer().next(bytes, 0);
    }
}
