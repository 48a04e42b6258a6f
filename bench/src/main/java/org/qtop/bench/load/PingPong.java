package org.qtop.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;

/** Sends a few bytes on one stream and waits for their echo, again and again. Not thread-safe. */
public final class PingPong {

    private static final int BYTES = 64;

    private PingPong() {
    }

    /**
     * Closed loop, with blocking calls.
     *
     * @param target what to ask for; its echo is
     * @param nanos for how long
     * @return the round trips, in nanoseconds
     * @throws IOException if the stream fails
     */
    public static Histogram run(Target target, long nanos) throws IOException {
        Histogram latency = SetupLoad.histogram();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        try (SocketChannel stream = new SetupLoad(target).open(buffer)) {
            for (long end = System.nanoTime() + nanos; System.nanoTime() - end < 0;) {
                long begun = System.nanoTime();
                stream.write(buffer.clear());
                buffer.clear();
                while (buffer.hasRemaining()) {
                    if (stream.read(buffer) < 0) {
                        throw new EOFException("the stream ended");
                    }
                }
                latency.recordValue(System.nanoTime() - begun);
            }
        }
        return latency;
    }
}
