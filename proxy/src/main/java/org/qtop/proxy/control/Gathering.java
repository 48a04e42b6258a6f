package org.qtop.proxy.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Reads from a channel in fewer and larger pieces: once everything that had come is read, it lets a while pass before
 * it reads again. What comes after a silence is still read at once. Confined to one thread at a time.
 *
 * <p>Tor writes three or four events for a stream, each as it happens. A thread that is woken for each of them costs
 * more than all that is done with them.
 */
final class Gathering implements ReadableByteChannel {

    private final ReadableByteChannel channel;
    private final LongSupplier pauseNanos;
    private final LongConsumer pause;
    private boolean emptied;

    /**
     * Reads from a channel.
     *
     * @param channel in blocking mode
     * @param pauseNanos how long to let pass, asked for each time; 0 where somebody waits for what comes
     * @param pause lets so many nanoseconds pass
     */
    Gathering(ReadableByteChannel channel, LongSupplier pauseNanos, LongConsumer pause) {
        this.channel = channel;
        this.pauseNanos = pauseNanos;
        this.pause = pause;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        long nanos = emptied ? pauseNanos.getAsLong() : 0;
        if (nanos > 0) {
            pause.accept(nanos);
        }
        int count = channel.read(target);
        emptied = target.hasRemaining();
        return count;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
