package org.qtop.proxy.connector;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.DelegatingHandle;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How much is read at once: about as much as there was the last times. Up to {@link #LARGE} while few connections are
 * open, for large reads take less processor time a byte; up to {@link #SMALL} while there are more, for what a peer
 * does not take is kept until it does, and is to fit into the memory for bytes in flight. Thread-safe.
 */
public final class ReadSizes extends AdaptiveRecvByteBufAllocator {

    /** At most this much is read at once while many connections are open: 64 KiB. */
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

    private final LongSupplier connections;

    /**
     * Sizes for the channels of one proxy.
     *
     * @param connections how many client connections are open; asked at every large read
     */
    public ReadSizes(LongSupplier connections) {
        super(LEAST, FIRST, LARGE);
        this.connections = connections;
    }

    @Override
    public ExtendedHandle newHandle() {
        return new Capped((ExtendedHandle) super.newHandle());
    }

    /** The sizes of one channel. */
    private final class Capped extends DelegatingHandle implements ExtendedHandle {

        private final ExtendedHandle sizes;

        Capped(ExtendedHandle sizes) {
            super(sizes);
            this.sizes = sizes;
        }

        @Override
        public int guess() {
            int guess = super.guess();
            return guess > SMALL && connections.getAsLong() > FEW ? SMALL : guess;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator from) {
            return from.ioBuffer(guess());
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier more) {
            return sizes.continueReading(more);
        }
    }
}
