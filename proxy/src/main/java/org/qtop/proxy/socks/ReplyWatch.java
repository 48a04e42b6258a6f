package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Sits before the relay on a Tor channel until Tor's reply has passed, and tells of it once. Confined to one event
 * loop.
 */
final class ReplyWatch extends ChannelInboundHandlerAdapter {

    private final ReplyFramer framer;
    private final Runnable answered;

    ReplyWatch(ReplyFramer framer, Runnable answered) {
        this.framer = framer;
        this.answered = answered;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        boolean whole = framer.end((ByteBuf) message) != ReplyFramer.NOT_YET;
        if (whole) {
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelRead(message);
        if (whole) {
            answered.run();
        }
    }
}
