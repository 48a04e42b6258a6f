package org.qtop.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/**
 * The client's side of the SOCKS5 conversation without a login, message by message as clients do: greeting, answer,
 * request, reply. Then it leaves the pipeline. Confined to one event loop.
 *
 * <p>Source: RFC 1928.
 */
final class SocksOpening extends ChannelInboundHandlerAdapter {

    private static final ByteBuf GREETING = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer().writeBytes(Target.greeting()));
    private static final int CHOICE_BYTES = 2;
    private static final int REPLY_BYTES = 10;

    private final byte[] request;
    private final Consumer<Channel> opened;
    private final Consumer<Channel> failed;
    private boolean chosen;
    private boolean over;
    private int heard;

    /**
     * One conversation.
     *
     * @param request the bytes of the request
     * @param opened told when the server has granted the stream
     * @param failed told once if it has not
     */
    SocksOpening(byte[] request, Consumer<Channel> opened, Consumer<Channel> failed) {
        this.request = request;
        this.opened = opened;
        this.failed = failed;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(GREETING.duplicate(), context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            read(context, bytes);
        } finally {
            bytes.release();
        }
    }

    private void read(ChannelHandlerContext context, ByteBuf bytes) {
        while (bytes.isReadable() && !over) {
            int one = bytes.readUnsignedByte();
            heard++;
            if (heard == 2 && one != 0) {
                fail(context);
            } else if (!chosen && heard == CHOICE_BYTES) {
                chosen = true;
                heard = 0;
                context.writeAndFlush(context.alloc().ioBuffer(request.length).writeBytes(request),
                        context.voidPromise());
            } else if (heard == REPLY_BYTES) {
                over = true;
                context.pipeline().remove(this);
                opened.accept(context.channel());
            }
        }
        if (bytes.isReadable()) {
            // From the head: the stream's handler came after this one left.
            context.pipeline().fireChannelRead(bytes.readRetainedSlice(bytes.readableBytes()));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context);
    }

    private void fail(ChannelHandlerContext context) {
        if (!over) {
            over = true;
            context.close();
            failed.accept(context.channel());
        }
    }
}
