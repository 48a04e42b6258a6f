package org.qtop.proxy.socks;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;

/**
 * Keeps what is written to a Tor channel until Tor has replied. Confined to one event loop.
 *
 * <p>For early data that came during the hold of a SOCKS4 or HTTP request, and what follows it: Tor counts what it
 * finds behind a SOCKS4a request as part of its name and refuses it at 256 bytes, and drops what it finds behind the
 * head of an HTTP CONNECT. The client is not read meanwhile, so the queue holds little more than the bound on early
 * data.
 */
final class LateData extends ChannelOutboundHandlerAdapter {

    private final Channel client;
    private PendingWriteQueue waiting;
    private ChannelHandlerContext ctx;

    LateData(Channel client) {
        this.client = client;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        waiting = new PendingWriteQueue(context);
        client.config().setAutoRead(false);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        waiting.add(message, promise.unvoid());
    }

    /** Lets everything go on its way. */
    void release() {
        if (ctx != null && !ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        waiting.removeAndWriteAll();
        context.flush();
        client.config().setAutoRead(context.channel().isWritable());
    }
}
