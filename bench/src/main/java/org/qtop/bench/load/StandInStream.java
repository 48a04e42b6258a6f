package org.qtop.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * What the stand-in's streams share: when the client has said all, the stand-in sends what it still has and closes;
 * trouble closes at once. Confined to one event loop.
 */
abstract class StandInStream extends ChannelInboundHandlerAdapter {

    private StreamWatch watch = StreamWatch.NONE;
    private long number;
    private int port;

    /** Has the end of the stream told. */
    final void watched(StreamWatch by, long as, int asked) {
        watch = by;
        number = as;
        port = asked;
    }

    /** Takes over the bytes, which it must release. */
    abstract void received(ChannelHandlerContext context, ByteBuf bytes);

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        received(context, (ByteBuf) message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        watch.closed(number, port);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
