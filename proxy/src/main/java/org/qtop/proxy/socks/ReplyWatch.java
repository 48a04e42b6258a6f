package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;

/**
 * Sits before the relay on a Tor channel until Tor's reply has passed, and tells of it once; or of the end of what Tor
 * says, if that comes before. Confined to one event loop.
 */
final class ReplyWatch extends ChannelInboundHandlerAdapter {

    private final ReplyFramer framer;
    private final Runnable answered;
    private final Runnable unanswered;

    /**
     * A watcher of one reply.
     *
     * @param framer finds its end
     * @param answered run once it has passed
     * @param unanswered run once it cannot come any more
     */
    ReplyWatch(ReplyFramer framer, Runnable answered, Runnable unanswered) {
        this.framer = framer;
        this.answered = answered;
        this.unanswered = unanswered;
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

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownReadComplete) {
            unanswered.run();
        }
        ctx.fireUserEventTriggered(event);
    }
}
