package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.relay.HoldEnd;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.ProxyStream;

/**
 * A stream that is held at Tor's reply: the handler of a Tor channel, before the relay, that keeps all that Tor says
 * from the request to the release. What the client says meanwhile is kept by a {@link LateData}. Confined to one event
 * loop.
 *
 * <p>The hold begins when Tor has replied and the stream's number and circuit are known, or {@link
 * #IDENTITY_WAIT_NANOS} after the reply if Tor's events do not tell them: then stand-ins do. If either side leaves
 * before the release, the other learns so at once; so does the client if Tor ends its output without a reply.
 */
final class HeldReply extends ChannelInboundHandlerAdapter {

    /** How long after Tor's reply its events may come: 250 ms; they come within a few as a rule. */
    static final long IDENTITY_WAIT_NANOS = 250_000_000L;

    private enum State { ASKED, REPLIED, HELD, OVER }

    private final FrontContext shared;
    private final Channel client;
    private final Kind kind;
    private final Queue<Object> waiting = new ArrayDeque<>();
    private ChannelHandlerContext ctx;
    private LateData late;
    private ProxyStream stream;
    private State state = State.ASKED;
    private boolean identified;
    private Object endOfInput;
    private ScheduledFuture<?> identityTimer;
    private HoldEnd holdEnd;

    HeldReply(FrontContext shared, Channel client, Kind kind) {
        this.shared = shared;
        this.client = client;
        this.kind = kind;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        stream = shared.holds().begin(kind, this::identifiedElsewhere);
        shared.table().opened(stream, ctx.channel().localAddress() instanceof InetSocketAddress local ? local : null);
        client.closeFuture().addListener(closed -> abandon());
    }

    /**
     * Keeps what the client said behind its request, and what it will say.
     *
     * @param early handed over
     */
    void keep(ByteBuf early) {
        if (state == State.OVER) {
            early.release();
            return;
        }
        late = new LateData(client);
        ctx.pipeline().addLast(late);
        ctx.channel().writeAndFlush(early, ctx.channel().voidPromise());
    }

    /** Tor's reply is complete with what it has said so far. */
    void answered() {
        if (state != State.ASKED) {
            return;
        }
        state = State.REPLIED;
        ctx.channel().config().setAutoRead(false);
        if (identified) {
            hold();
        } else {
            shared.table().answered(stream, nowNanos());
            identityTimer = ctx.executor().schedule(() -> shared.table().settle(stream), IDENTITY_WAIT_NANOS,
                    TimeUnit.NANOSECONDS);
        }
    }

    /** On any thread, under the table's lock. */
    private void identifiedElsewhere() {
        try {
            ctx.executor().execute(() -> {
                identified = true;
                if (state == State.REPLIED) {
                    hold();
                }
            });
        } catch (RejectedExecutionException e) {
            // The event loop has ended, and the channels with it.
        }
    }

    private void hold() {
        cancelTimers();
        state = State.HELD;
        shared.metrics().holdBegan();
        shared.holds().plan(stream);
        holdEnd = HoldEnd.begin(ctx.executor(), stream.holdNanos(), this::release);
    }

    private void release(long latenessNanos) {
        if (state != State.HELD) {
            return;
        }
        state = State.OVER;
        shared.metrics().holdEnded();
        shared.metrics().count(Counter.STREAMS_RELEASED);
        stream.released(latenessNanos);
        shared.table().report(stream);
        letGo();
    }

    private long nowNanos() {
        return ctx.executor().ticker().nanoTime();
    }

    private void letGo() {
        if (late != null) {
            late.release();
        }
        Object message = waiting.poll();
        while (message != null) {
            ctx.fireChannelRead(message);
            message = waiting.poll();
        }
        ctx.fireChannelReadComplete();
        if (endOfInput != null) {
            ctx.fireUserEventTriggered(endOfInput);
        }
        ctx.channel().config().setAutoRead(client.isWritable());
        ctx.pipeline().remove(this);
    }

    /** The client is gone: nothing that it said may leave before its time, so it does not leave at all. */
    private void abandon() {
        if (end()) {
            ctx.close();
        }
    }

    private boolean end() {
        if (state == State.OVER) {
            return false;
        }
        cancelTimers();
        if (state == State.HELD) {
            shared.metrics().holdEnded();
        }
        state = State.OVER;
        shared.metrics().count(Counter.STREAMS_ABANDONED);
        shared.table().answered(stream, nowNanos());
        return true;
    }

    private void cancelTimers() {
        if (identityTimer != null) {
            identityTimer.cancel(false);
        }
        if (holdEnd != null) {
            holdEnd.cancel();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        waiting.add(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Nothing was handed on.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownReadComplete) {
            endOfInput = event;
            if (state == State.ASKED && end()) {
                letGo();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (end()) {
            letGo();
        }
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        cancelTimers();
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }
}
