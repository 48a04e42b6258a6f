package org.qtop.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.atomic.LongAdder;

/** Reads, counts and forgets. Confined to one event loop. */
final class DiscardStream extends StandInStream {

    private final LongAdder count;

    /** Adds each read's bytes to {@code count}. */
    DiscardStream(LongAdder count) {
        this.count = count;
    }

    @Override
    void received(ChannelHandlerContext context, ByteBuf bytes) {
        count.add(bytes.readableBytes());
        bytes.release();
    }
}
