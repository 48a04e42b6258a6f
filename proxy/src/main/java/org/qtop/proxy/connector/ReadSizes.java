package org.qtop.proxy.connector;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How much is read at once: about as much as there was the last times. Up to {@link #LARGE} while few connections are
 * open, for large reads take less processor time a byte; up to {@link #SMALL} while there are more, for what a peer
 * does not take is kept until it does, and is to fit into the memory for bytes in flight. A channel that has not yet
 * read much shares its loop with holds that are to end: it takes up to {@link #SMALL} at once, and once it has that
 * much it leaves the loop to the others. Sizes follow the rule of Netty's {@link
 * io.netty.channel.AdaptiveRecvByteBufAllocator}, in powers of two and with one object a channel instead of three.
 * Thread-safe.
 */
public final class ReadSizes extends DefaultMaxMessagesRecvByteBufAllocator {

    /** At most this much is read at once while many connections are open, or at a stream's beginning: 64 KiB. */
    public static final int SMALL = 64 << 10;
    /** At most this much is read at once while few are: 256 KiB. */
    public static final int LARGE = 256 << 10;
    /**
     * So many connections are few. A peer that takes nothing leaves at most two reads behind, one begun and one whole:
     * where all of these stall one way, 128 MiB, half of what {@code scripts/lib/qtop.sh} allows.
     */
    public static final int FEW = 256;

    private static final int FIRST = 2 << 10;
    private static final int LEAST = 64;
    /** A read that was filled is followed by one of so many times its size. */
    private static final int GROWTH = 16;

    private final LongSupplier connections;
    private final long much;

    /**
     * Sizes for the channels of one proxy.
     *
     * @param connections how many client connections are open; asked at every large read
     * @param much bytes that a channel reads, in all, before it may keep its loop busy, 0 or more
     */
    public ReadSizes(LongSupplier connections, long much) {
        this.connections = connections;
        this.much = much;
    }

    @Override
    public ExtendedHandle newHandle() {
        return new Sizes();
    }

    /** The sizes of one channel. */
    private final class Sizes extends MaxMessageHandle {

        private int next = FIRST;
        private boolean wasHalf;
        private long read;

        @Override
        public int guess() {
            return next > SMALL && (read < much || connections.getAsLong() > FEW) ? SMALL : next;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return (read >= much || totalBytesRead() < SMALL) && super.continueReading(maybeMore);
        }

        @Override
        public void lastBytesRead(int bytes) {
            // More may come in the same turn: no need to wait for its end.
            if (bytes == attemptedBytesRead()) {
                learn(bytes);
            }
            read += Math.max(0, bytes);
            super.lastBytesRead(bytes);
        }

        @Override
        public void readComplete() {
            learn(totalBytesRead());
        }

        private void learn(int bytes) {
            if (bytes >= guess()) {
                next = Math.min(LARGE, next * GROWTH);
                wasHalf = false;
            } else if (bytes <= next / 2) {
                // One small read may be chance.
                next = wasHalf ? Math.max(LEAST, next / 2) : next;
                wasHalf = !wasHalf;
            }
        }
    }
}
