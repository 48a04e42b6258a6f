package org.qtop.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sets streams up and throws them away: from the client's connect to the server's reply, in the two round trips that
 * any client needs. A stream is reset at its end. Not thread-safe.
 */
public final class SetupLoad {

    private static final long PATIENCE_SECONDS = 20;
    private static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int DIGITS = 3;

    private final Target target;
    private Histogram latency = histogram();
    private long failed;
    private long finished;

    /**
     * Nothing is opened yet.
     *
     * @param target what to ask for; its echo is
     */
    public SetupLoad(Target target) {
        this.target = target;
    }

    /**
     * A histogram for latencies.
     *
     * @return an empty one, in nanoseconds up to a minute, to three digits
     */
    public static Histogram histogram() {
        Histogram histogram = new Histogram(HIGHEST_NANOS, DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    /**
     * How many streams of the last run failed.
     *
     * @return 0 or more
     */
    public long failed() {
        return failed;
    }

    /**
     * How many streams {@link #together} opened, those included that were under way when its time was over.
     *
     * @return 0 or more
     */
    public long finished() {
        return finished;
    }

    /**
     * Closed loop: one stream after the other, with blocking calls, which wait least.
     *
     * @param nanos for how long
     * @return the latencies, in nanoseconds
     * @throws IOException if a stream fails
     */
    public Histogram oneAtATime(long nanos) throws IOException {
        latency = histogram();
        failed = 0;
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        for (long end = System.nanoTime() + nanos; System.nanoTime() - end < 0;) {
            long begun = System.nanoTime();
            SocketChannel stream = open(buffer);
            latency.recordValue(System.nanoTime() - begun);
            stream.close();
        }
        return latency;
    }

    /** Opens one stream with blocking calls. */
    SocketChannel open(ByteBuffer buffer) throws IOException {
        SocketChannel stream = SocketChannel.open();
        boolean granted = false;
        try {
            stream.setOption(StandardSocketOptions.TCP_NODELAY, true);
            stream.setOption(StandardSocketOptions.SO_LINGER, 0);
            stream.connect(target.proxy());
            exchange(stream, buffer, Target.greeting(), 2);
            exchange(stream, buffer, target.connect(target.echo()), 10);
            granted = true;
            return stream;
        } finally {
            if (!granted) {
                stream.close();
            }
        }
    }

    private static void exchange(SocketChannel stream, ByteBuffer buffer, byte[] said, int heard) throws IOException {
        stream.write(buffer.clear().put(said).flip());
        buffer.clear().limit(heard);
        while (buffer.hasRemaining()) {
            if (stream.read(buffer) < 0) {
                throw new EOFException("the server closed during the handshake");
            }
        }
        if (buffer.get(1) != 0) {
            throw new LoadException("the server refused, with code " + buffer.get(1));
        }
    }

    /**
     * Closed loop: so many set-ups under way at any time.
     *
     * @param count how many, 1 or more
     * @param nanos for how long
     * @return the latencies, in nanoseconds; their number in this time is the rate
     * @throws LoadException if the server falls silent
     */
    public Histogram together(int count, long nanos) throws LoadException {
        latency = histogram();
        failed = 0;
        finished = 0;
        CountDownLatch slots = new CountDownLatch(count);
        try (ClientLoop loop = new ClientLoop()) {
            long end = System.nanoTime() + nanos;
            loop.execute(() -> {
                for (int i = 0; i < count; i++) {
                    again(loop, slots, end);
                }
            });
            ClientLoop.await(slots, TimeUnit.NANOSECONDS.toSeconds(nanos) + PATIENCE_SECONDS, "set-ups");
        }
        return latency;
    }

    private void again(ClientLoop loop, CountDownLatch slots, long end) {
        long begun = System.nanoTime();
        if (begun - end >= 0) {
            slots.countDown();
            return;
        }
        loop.open(target, target.echo(), stream -> {
            long now = System.nanoTime();
            if (now - end < 0) {
                latency.recordValue(now - begun);
            }
            finished++;
            stream.close();
            again(loop, slots, end);
        }, stream -> {
            failed++;
            again(loop, slots, end);
        });
    }

    /**
     * Open loop: streams are opened when they are due, whatever became of those before, and timed from then.
     *
     * @param perSecond how many a second, 1 or more
     * @param nanos for how long
     * @return the latencies, in nanoseconds
     * @throws LoadException if the server falls silent
     */
    public Histogram open(int perSecond, long nanos) throws LoadException {
        latency = histogram();
        failed = 0;
        long count = Math.max(1, perSecond * nanos / TimeUnit.SECONDS.toNanos(1));
        CountDownLatch left = new CountDownLatch(Math.toIntExact(count));
        try (ClientLoop loop = new ClientLoop()) {
            long begun = System.nanoTime();
            loop.execute(() -> due(loop, begun, perSecond, 0, count, left));
            ClientLoop.await(left, TimeUnit.NANOSECONDS.toSeconds(nanos) + PATIENCE_SECONDS, "set-ups");
        }
        return latency;
    }

    private void due(ClientLoop loop, long begun, int perSecond, long first, long count, CountDownLatch left) {
        for (long number = first; number < count; number++) {
            long due = begun + number * TimeUnit.SECONDS.toNanos(1) / perSecond;
            if (due - System.nanoTime() > 0) {
                long next = number;
                loop.at(due, () -> due(loop, begun, perSecond, next, count, left));
                return;
            }
            loop.open(target, target.echo(), stream -> {
                latency.recordValue(System.nanoTime() - due);
                stream.close();
                left.countDown();
            }, stream -> {
                failed++;
                left.countDown();
            });
        }
    }
}
