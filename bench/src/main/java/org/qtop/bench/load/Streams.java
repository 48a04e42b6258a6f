package org.qtop.bench.load;

import io.netty.channel.Channel;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Streams that stay open: idle, or carrying bytes without end in one direction. Thread-safe. */
public final class Streams implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 180;
    /** So many are set up at once: fewer than wait to be accepted anywhere. */
    private static final int AT_ONCE = 64;

    private final ClientLoop loop = new ClientLoop();
    private final Target target;
    private final LongAdder received = new LongAdder();
    private final LongAdder failed = new LongAdder();

    private Streams(Target target) {
        this.target = target;
    }

    /**
     * Opens streams that say nothing.
     *
     * @param target what to ask for, and through whom
     * @param count how many, 1 or more
     * @return open streams
     * @throws IOException if one of them cannot be had
     */
    public static Streams idle(Target target, int count) throws IOException {
        return new Streams(target).opened(target.echo(), count, () -> new DiscardStream(new LongAdder()));
    }

    /**
     * Opens streams that read as fast as they can.
     *
     * @param target what to ask for, and through whom
     * @param count how many, 1 or more
     * @return open streams, which read already
     * @throws IOException if one of them cannot be had
     */
    public static Streams download(Target target, int count) throws IOException {
        Streams streams = new Streams(target);
        return streams.opened(target.source(), count, () -> new DiscardStream(streams.received));
    }

    /**
     * Opens streams that send as fast as they can; the stand-in counts what arrives.
     *
     * @param target what to ask for, and through whom
     * @param count how many, 1 or more
     * @return open streams, which send already
     * @throws IOException if one of them cannot be had
     */
    public static Streams upload(Target target, int count) throws IOException {
        return new Streams(target).opened(target.discard(), count, SourceStream::new);
    }

    private Streams opened(int port, int count, Supplier<StandInStream> handler) throws IOException {
        CountDownLatch left = new CountDownLatch(count);
        loop.execute(() -> {
            for (int i = 0; i < Math.min(AT_ONCE, count); i++) {
                next(port, left, count - AT_ONCE - i, handler);
            }
        });
        try {
            ClientLoop.await(left, PATIENCE_SECONDS, "opening " + count + " streams");
            if (failed.sum() > 0) {
                throw new LoadException(failed.sum() + " of " + count + " streams could not be had");
            }
            return this;
        } catch (LoadException e) {
            close();
            throw e;
        }
    }

    /** Opens one, and then every {@link #AT_ONCE}th of the {@code more} that are to come after it. */
    private void next(int port, CountDownLatch left, int more, Supplier<StandInStream> handler) {
        loop.open(target, port, stream -> {
            stream.pipeline().addLast(handler.get());
            done(stream, port, left, more, handler);
        }, stream -> {
            failed.increment();
            done(stream, port, left, more, handler);
        });
    }

    private void done(Channel stream, int port, CountDownLatch left, int more, Supplier<StandInStream> handler) {
        left.countDown();
        if (more > 0) {
            next(port, left, more - AT_ONCE, handler);
        }
    }

    /**
     * How much came from the far end.
     *
     * @return bytes since the first stream was opened
     */
    public long received() {
        return received.sum();
    }

    /** Resets every stream. */
    @Override
    public void close() {
        loop.close();
    }
}
