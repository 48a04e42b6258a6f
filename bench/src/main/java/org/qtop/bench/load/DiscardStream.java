package org.qtop.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** Reads and forgets. Confined to one event loop. */
final class DiscardStream extends StandInStream {

    @Override
    void received(ChannelHandlerContext context, ByteBuf bytes) {
        bytes.release();
    }
}
