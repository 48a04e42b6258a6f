package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Sits before the relay on the Tor channel of an HTTP CONNECT that went to Tor as SOCKS5, until Tor has replied: keeps
 * Tor's answers from the client and gives it one in HTTP. Confined to one event loop.
 */
final class HttpAnswer extends ChannelInboundHandlerAdapter {

    private final ReplyFramer framer = new ReplyFramer(ClientFramer.SOCKS5);
    private final String torVersion;
    private final Runnable answered;

    HttpAnswer(String torVersion, Runnable answered) {
        this.torVersion = torVersion;
        this.answered = answered;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int end = framer.end(bytes);
        if (end == ReplyFramer.NOT_YET) {
            bytes.release();
            return;
        }
        ctx.pipeline().remove(this);
        ctx.fireChannelRead(HttpReply.to(framer.code(), torVersion));
        if (end < bytes.writerIndex()) {
            ctx.fireChannelRead(bytes.readerIndex(end));
        } else {
            bytes.release();
        }
        answered.run();
    }
}
