package org.qtop.proxy.socks;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;

/**
 * The Tor channel's handler until its stream is released: carries Tor's answers to the client unchanged and tells the
 * front when Tor ends the conversation. Confined to one event loop.
 */
final class TorHandshake extends ChannelInboundHandlerAdapter {

    private final SocksFront front;
    private final Channel client;
    private boolean over;
    private boolean reset;

    TorHandshake(SocksFront front, Channel client) {
        this.front = front;
        this.client = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (over) {
            ReferenceCountUtil.release(message);
            return;
        }
        client.write(message, client.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        client.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownReadComplete) {
            gone();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reset = cause instanceof IOException;
        ctx.close();
    }

    /** Whose conversation this is. For tests. */
    Channel client() {
        return client;
    }

    private void gone() {
        if (!over) {
            over = true;
            front.torGone(this, reset);
        }
    }
}
