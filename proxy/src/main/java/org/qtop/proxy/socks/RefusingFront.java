package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.qtop.proxy.stream.StreamFailure;

/**
 * Leads a conversation to its end without Tor: agrees to the greeting and the login, and refuses the request. Confined
 * to one event loop.
 */
final class RefusingFront extends ChannelInboundHandlerAdapter {

    private final FrontContext shared;
    private final StreamFailure why;
    private final long seconds;
    private final ClientFramer framer;
    private final boolean inputEnded;
    private ByteBuf pending;
    private ScheduledFuture<?> timer;
    private boolean loggedIn;
    private boolean over;

    /**
     * A refusal.
     *
     * @param shared what all connections share
     * @param why what the client is told
     * @param seconds how long it may take to hear so
     * @param framer stands before the first message that is not answered
     * @param pending what the client said from there on, handed over
     * @param inputEnded whether the client will say no more
     */
    RefusingFront(FrontContext shared, StreamFailure why, long seconds, ClientFramer framer, ByteBuf pending,
            boolean inputEnded) {
        this.shared = shared;
        this.why = why;
        this.seconds = seconds;
        this.framer = framer;
        this.pending = pending;
        this.inputEnded = inputEnded;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer = ctx.executor().schedule(() -> {
            shared.metrics().count(StreamFailure.HANDSHAKE_TIMED_OUT.counter());
            ctx.close();
        }, seconds, TimeUnit.SECONDS);
        answer(ctx);
        if (inputEnded && !over) {
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        pending = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), pending, (ByteBuf) message);
        answer(ctx);
    }

    private void answer(ChannelHandlerContext ctx) {
        while (!over) {
            switch (framer.next(pending, pending.readerIndex())) {
                case GREETING -> greet(ctx, LocalAnswer.method(pending));
                case LOGIN -> login(ctx);
                case REQUEST -> {
                    ReplyFamily.expectOurs(ctx.channel(), framer.version(), framer.kind());
                    finish(ctx, refusal());
                }
                case OPAQUE, CONNECT_TOO_LONG -> finish(ctx, Unpooled.EMPTY_BUFFER);
                default -> {
                    return;
                }
            }
            pending.skipBytes(Math.min(framer.length(), pending.readableBytes()));
        }
        pending.skipBytes(pending.readableBytes());
    }

    private ByteBuf refusal() {
        return framer.version() == ClientFramer.HTTP ? HttpReply.to(why.replyCode(), shared.http().version())
                : LocalAnswer.refusal(framer.version(), why);
    }

    private void greet(ChannelHandlerContext ctx, ByteBuf choice) {
        if (choice.getUnsignedByte(1) == LocalAnswer.METHOD_REFUSED) {
            finish(ctx, choice);
        } else {
            ctx.writeAndFlush(choice);
        }
    }

    /** One login and no more: Tor takes a second one for a bad request. */
    private void login(ChannelHandlerContext ctx) {
        if (loggedIn) {
            finish(ctx, Unpooled.EMPTY_BUFFER);
        } else {
            loggedIn = true;
            ctx.writeAndFlush(LocalAnswer.login());
        }
    }

    private void finish(ChannelHandlerContext ctx, ByteBuf lastWords) {
        over = true;
        timer.cancel(false);
        ctx.writeAndFlush(lastWords).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownReadComplete) {
            ctx.close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        over = true;
        timer.cancel(false);
        pending.release();
        pending = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
