package org.qtop.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/** Sends without end, as fast as the client reads; forgets what the client sends. Confined to one event loop. */
final class SourceStream extends StandInStream {

    private static final int CHUNK_BYTES = 1 << 16;

    /** Shared by all streams, so that sending costs no filling and no memory. */
    private static final ByteBuf CHUNK = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(CHUNK_BYTES, CHUNK_BYTES).writeZero(CHUNK_BYTES).asReadOnly());

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        fill(context);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        fill(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        fill(context);
    }

    /**
     * Writes up to the channel's high-water mark. The low-water mark calls it again, from inside the flush if the
     * socket takes everything, so that Netty's own limit of writes in a row shares the event loop among streams.
     */
    private static void fill(ChannelHandlerContext context) {
        if (!context.channel().isActive() || !context.channel().isWritable()) {
            return;
        }
        while (context.channel().isWritable()) {
            context.write(CHUNK.duplicate(), context.voidPromise());
        }
        context.flush();
    }

    @Override
    void received(ChannelHandlerContext context, ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // An endless stream ends when the client closes it, not when the client has said all.
    }
}
