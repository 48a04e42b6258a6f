package org.qtop.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
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
        return run(target, 0, nanos);
    }

    /**
     * Sends one when it is due and the one before is back, with blocking calls. One that could not be sent when it was
     * due, because that before was still under way, is timed from when it was due; so a stall counts for all that fall
     * into it.
     *
     * @param target what to ask for; its echo is
     * @param everyNanos from when one is due to when the next is, in nanoseconds; 0 for a closed loop, in which each is
     *     due when the one before is back
     * @param nanos for how long
     * @return the round trips, in nanoseconds
     * @throws IOException if the stream fails
     */
    public static Histogram run(Target target, long everyNanos, long nanos) throws IOException {
        Histogram latency = SetupLoad.histogram();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        try (SocketChannel stream = new SetupLoad(target).open(buffer)) {
            long due = System.nanoTime();
            for (long end = due + nanos; System.nanoTime() - end < 0; due += everyNanos) {
                long begun = everyNanos == 0 || awaited(due) ? System.nanoTime() : due;
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

    /** Waits until this time; false if it was past already. */
    private static boolean awaited(long due) {
        long left = due - System.nanoTime();
        if (left < 0) {
            return false;
        }
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = due - System.nanoTime();
        }
        return true;
    }
}
