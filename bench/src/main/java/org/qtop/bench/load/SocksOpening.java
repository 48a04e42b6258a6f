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

    /** The address asked for: one that is nobody's here, since some servers will not relay to loopback. */
    private static final byte[] HOST = {10, 1, 2, 3};

    private static final ByteBuf GREETING = constant(5, 1, 0);
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
     * @param port the port to ask for
     * @param opened told when the server has granted the stream
     * @param failed told once if it has not
     */
    SocksOpening(int port, Consumer<Channel> opened, Consumer<Channel> failed) {
        this.request = connect(port);
        this.opened = opened;
        this.failed = failed;
    }

    /** The bytes of a greeting without a login. */
    static byte[] greeting() {
        return new byte[] {5, 1, 0};
    }

    /** The bytes of a CONNECT to this port. */
    static byte[] connect(int port) {
        return new byte[] {5, 1, 0, 1, HOST[0], HOST[1], HOST[2], HOST[3], (byte) (port >>> 8), (byte) port};
    }

    private static ByteBuf constant(int... bytes) {
        ByteBuf constant = Unpooled.directBuffer(bytes.length);
        for (int one : bytes) {
            constant.writeByte(one);
        }
        return Unpooled.unreleasableBuffer(constant);
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
