package org.qtop.proxy.relay;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.PromiseCombiner;
import java.util.concurrent.RejectedExecutionException;

/**
 * Event loops for streams that carry much. A stream begins on the loops that accept, and moves here once it has carried
 * a certain amount one way: a loop that is busy has used up its share of the processor, and the kernel lets a hold
 * that ends on it wait for milliseconds. Thread-safe.
 */
public final class BulkLoops {

    /** What a stream carries before it moves: 1 MiB. */
    public static final long BULK_BYTES = 1 << 20;

    private static final int PAGE = 8 << 10;
    /** Chunks of 4 MiB, each of which holds a few reads of each stream of a loop. */
    private static final int CHUNK_ORDER = 9;
    /** One for each loop, but no more than this keeps 32 MiB. */
    private static final int MOST_ARENAS = 8;

    private final EventLoopGroup loops;
    private final long afterBytes;

    /**
     * Where streams that carry much have their buffers from. Netty's usual allocator gives back what is empty, and at
     * large reads some 4 % of qtop's time went into clearing what it then asked for anew (perf record, a download).
     */
    private static final class Buffers {

        static final ByteBufAllocator POOL = new PooledByteBufAllocator(true, 0, arenas(), PAGE, CHUNK_ORDER,
                PooledByteBufAllocator.defaultSmallCacheSize(), PooledByteBufAllocator.defaultNormalCacheSize(), false);

        private static int arenas() {
            return Math.min(Runtime.getRuntime().availableProcessors(), MOST_ARENAS);
        }
    }

    /**
     * Streams that have carried {@link #BULK_BYTES} move to these loops.
     *
     * @param loops of the kind that the streams' channels need
     */
    public BulkLoops(EventLoopGroup loops) {
        this(loops, BULK_BYTES);
    }

    /**
     * Streams move to these loops.
     *
     * @param loops of the kind that the streams' channels need
     * @param afterBytes how much they carry one way before, 1 or more
     */
    public BulkLoops(EventLoopGroup loops, long afterBytes) {
        this.loops = loops;
        this.afterBytes = afterBytes;
    }

    /**
     * Streams stay where they are.
     *
     * @return loops that none moves to
     */
    public static BulkLoops none() {
        return new BulkLoops(null, Long.MAX_VALUE);
    }

    /** What a stream carries one way before it moves. */
    long afterBytes() {
        return afterBytes;
    }

    /**
     * Moves two joined channels, on whose loop this is called. They are not read meanwhile.
     *
     * @param one a channel whose output is not ended
     * @param other the channel it is joined with
     * @param stayed called on their loop, with both being read again, if they were not in a state to be moved
     */
    void move(Channel one, Channel other, Runnable stayed) {
        read(one, other, false);
        EventLoop from = one.eventLoop();
        // A read that Netty has put off takes its turn before the second of these, and sees that nothing is to be read.
        from.execute(() -> from.execute(() -> {
            if (movable(one) && movable(other)) {
                leave(one, other, from);
            } else {
                read(one, other, true);
                stayed.run();
            }
        }));
    }

    private static void read(Channel one, Channel other, boolean on) {
        one.config().setAutoRead(on && other.isWritable());
        other.config().setAutoRead(on && one.isWritable());
    }

    /** Netty forgets at a move that a channel waits for room, or has ended one way. */
    private static boolean movable(Channel channel) {
        ChannelOutboundBuffer output = channel.unsafe().outboundBuffer();
        return channel.isActive() && output != null && output.isEmpty() && RelayHandler.open(channel);
    }

    private void leave(Channel one, Channel other, EventLoop from) {
        PromiseCombiner both = new PromiseCombiner(from);
        both.add((io.netty.util.concurrent.Future<?>) one.deregister());
        both.add((io.netty.util.concurrent.Future<?>) other.deregister());
        both.finish(from.<Void>newPromise().addListener(left -> {
            EventLoop to = loops.next();
            try {
                to.execute(() -> arrive(one, other, to));
            } catch (RejectedExecutionException e) {
                // The loops have ended, and with them the run.
                one.unsafe().closeForcibly();
                other.unsafe().closeForcibly();
            }
        }));
    }

    /** Both are registered before the loop looks for events again, so neither handler meets the other elsewhere. */
    private static void arrive(Channel one, Channel other, EventLoop to) {
        one.config().setAllocator(Buffers.POOL);
        other.config().setAllocator(Buffers.POOL);
        ChannelFuture first = to.register(one);
        ChannelFuture second = to.register(other);
        if (first.isSuccess() && second.isSuccess()) {
            read(one, other, true);
        } else {
            one.close();
            other.close();
        }
    }
}
