package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Measure;
import org.qtop.proxy.relay.RelayHandler;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection from its accept to its release. Confined to one event loop.
 *
 * <p>Tor is dialled at once. The client's greeting and login go to Tor as they come, Tor's answers go back. The request
 * is held from the moment it is complete; what follows it waits, bounded, and is sent on in order after it. At its
 * release the two channels are joined and this handler is gone. A client that leaves during its hold costs Tor nothing
 * but the connection.
 */
public final class SocksFront extends ChannelInboundHandlerAdapter {

    /** How long a conversation that we lead ourselves may take, as Tor's SocksTimeout: 120 s. */
    public static final long HANDSHAKE_SECONDS = 120;
    /** How long a connection over the limit may take to hear so: 5 s. */
    public static final long REFUSAL_SECONDS = 5;
    /** How much early data a held stream may send before it is no longer read: 64 KiB. */
    public static final int EARLY_DATA_BYTES = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(SocksFront.class);

    private enum State { DIALLING, HANDSHAKE, HELD, REFUSING, OVER }

    private final FrontContext shared;
    private final ClientFramer framer = new ClientFramer();
    private ChannelHandlerContext ctx;
    private Channel tor;
    private ReplyFramer replies;
    private ByteBuf pending = Unpooled.EMPTY_BUFFER;
    private State state = State.DIALLING;
    private StreamFailure failure;
    private ProxyStream stream;
    private long plannedNanos;
    private ScheduledFuture<?> timer;
    private boolean inputEnded;

    /**
     * The front of one client connection.
     *
     * @param shared what all connections share
     */
    public SocksFront(FrontContext shared) {
        this.shared = shared;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ctx = context;
        shared.metrics().count(Counter.CONNECTIONS_ACCEPTED);
        if (!shared.metrics().connectionOpened(shared.maxConnections())) {
            refuse(StreamFailure.OVER_LIMIT, REFUSAL_SECONDS);
            return;
        }
        ctx.channel().closeFuture().addListener(closed -> shared.metrics().connectionClosed());
        ChannelFuture dial = shared.connector().connect(ctx.channel().eventLoop(),
                new TorHandshake(this, ctx.channel()));
        if (dial.isDone()) {
            dialled(dial);
        } else {
            dial.addListener((ChannelFutureListener) this::dialled);
        }
    }

    private void dialled(ChannelFuture dial) {
        if (!dial.isSuccess()) {
            if (state == State.DIALLING) {
                refuse(StreamFailure.ofDial(dial.cause()), HANDSHAKE_SECONDS);
            }
            return;
        }
        if (state != State.DIALLING) {
            dial.channel().close();
            return;
        }
        tor = dial.channel();
        state = State.HANDSHAKE;
        converse();
        if (inputEnded && state == State.HANDSHAKE) {
            endTorOutput();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (state == State.OVER) {
            bytes.release();
            return;
        }
        append(bytes);
        if (state == State.HANDSHAKE) {
            converse();
        } else if (state == State.REFUSING) {
            answer();
        } else if (pending.readableBytes() > EARLY_DATA_BYTES) {
            shared.metrics().count(Counter.EARLY_DATA_FULL);
            ctx.channel().config().setAutoRead(false);
        }
    }

    private void append(ByteBuf bytes) {
        pending = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), pending, bytes);
    }

    /** Passes greeting and login on to Tor, up to the request. */
    private void converse() {
        while (state == State.HANDSHAKE) {
            ClientFramer.Message message = framer.next(pending);
            if (replies == null && framer.version() != 0) {
                replies = new ReplyFramer(framer.version());
            }
            switch (message) {
                case GREETING, LOGIN -> tor.writeAndFlush(pending.readRetainedSlice(framer.length()),
                        tor.voidPromise());
                case REQUEST -> hold();
                case OPAQUE -> {
                    shared.metrics().count(Counter.HANDSHAKES_OPAQUE);
                    join();
                }
                default -> {
                    return;
                }
            }
        }
    }

    private void hold() {
        Optional<StreamFailure> refusal = shared.refusal().get();
        if (refusal.isPresent()) {
            refuse(refusal.get(), REFUSAL_SECONDS);
            return;
        }
        state = State.HELD;
        shared.metrics().holdBegan();
        stream = shared.holds().plan(framer.kind());
        long nowNanos = nowNanos();
        plannedNanos = nowNanos + stream.holdNanos();
        releaseOrWait(nowNanos);
    }

    private void releaseOrWait(long nowNanos) {
        long leftNanos = plannedNanos - nowNanos;
        if (leftNanos > 0) {
            timer = ctx.executor().schedule(() -> releaseOrWait(nowNanos()), leftNanos, TimeUnit.NANOSECONDS);
        } else if (state == State.HELD) {
            release(-leftNanos);
        }
    }

    private long nowNanos() {
        return ctx.executor().ticker().nanoTime();
    }

    private void release(long latenessNanos) {
        shared.metrics().holdEnded();
        stream.released(latenessNanos);
        shared.metrics().count(Counter.STREAMS_RELEASED);
        shared.table().opened(stream, tor.localAddress() instanceof InetSocketAddress local ? local : null);
        ReplyFamily.expect(ctx.channel(), stream.kind());
        Runnable answered = answered(stream, ctx.channel());
        long releasedNanos = nowNanos();
        tor.pipeline().addFirst(new ReplyWatch(replies, () -> {
            shared.metrics().record(Measure.SETUP, tor.eventLoop().ticker().nanoTime() - releasedNanos);
            answered.run();
        }));
        tor.closeFuture().addListener(closed -> answered.run());
        join();
    }

    private Runnable answered(ProxyStream released, Channel channel) {
        return () -> shared.table().answered(released, channel.eventLoop().ticker().nanoTime());
    }

    /** Joins the two channels and sends what waited. */
    private void join() {
        state = State.OVER;
        Channel client = ctx.channel();
        ByteBuf waiting = pending;
        pending = Unpooled.EMPTY_BUFFER;
        tor.pipeline().replace(TorHandshake.class, null, RelayHandler.ofTor(client, shared.metrics()));
        client.pipeline().replace(this, null, RelayHandler.ofClient(tor, shared.metrics()));
        tor.writeAndFlush(waiting, tor.voidPromise());
        client.config().setAutoRead(tor.isWritable());
        tor.config().setAutoRead(client.isWritable());
        if (inputEnded) {
            client.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
    }

    /**
     * Takes in Tor's bytes on their way to the client.
     *
     * @param bytes read by index only
     */
    void watchReply(ByteBuf bytes) {
        if (replies != null) {
            replies.watch(bytes);
        }
    }

    /** Tor ended the conversation before the release. */
    void torGone() {
        if (state == State.HELD) {
            shared.metrics().holdEnded();
            cancelTimer();
            refuse(StreamFailure.TOR_UNREACHABLE, HANDSHAKE_SECONDS);
        } else if (state == State.HANDSHAKE) {
            state = State.OVER;
            dropPending();
            endClientOutput();
        }
    }

    /** Sends the end to a client that Tor is done with, and closes once it goes too, or after a while. */
    private void endClientOutput() {
        Channel client = ctx.channel();
        client.config().setAutoRead(true);
        client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            if (inputEnded || !(client instanceof DuplexChannel duplex) || !client.isActive()) {
                client.close();
            } else {
                duplex.shutdownOutput();
                closeAfter(REFUSAL_SECONDS);
            }
        });
        tor.close();
    }

    /** From now on we speak ourselves, and what we say is no. */
    private void refuse(StreamFailure why, long seconds) {
        failure = why;
        state = State.REFUSING;
        shared.metrics().count(why.counter());
        LOG.debug("a stream is refused: {}", why.reason());
        closeAfter(seconds);
        if (tor != null) {
            tor.close();
        }
        answer();
        if (inputEnded && state == State.REFUSING) {
            ctx.close();
        }
    }

    private void closeAfter(long seconds) {
        timer = ctx.executor().schedule(() -> {
            if (state == State.REFUSING) {
                shared.metrics().count(StreamFailure.HANDSHAKE_TIMED_OUT.counter());
            }
            ctx.close();
        }, seconds, TimeUnit.SECONDS);
    }

    private void answer() {
        while (state == State.REFUSING) {
            ClientFramer.Message message = framer.next(pending);
            switch (message) {
                case GREETING -> ctx.writeAndFlush(LocalAnswer.method(pending));
                case LOGIN -> ctx.writeAndFlush(LocalAnswer.login());
                case REQUEST -> {
                    ReplyFamily.expect(ctx.channel(), framer.kind());
                    finish(LocalAnswer.refusal(framer.version(), failure));
                }
                case OPAQUE -> finish(Unpooled.EMPTY_BUFFER);
                default -> {
                    return;
                }
            }
            pending.skipBytes(Math.min(framer.length(), pending.readableBytes()));
        }
    }

    private void finish(ByteBuf lastWords) {
        state = State.OVER;
        ctx.writeAndFlush(lastWords).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof ChannelInputShutdownReadComplete)) {
            return;
        }
        inputEnded = true;
        switch (state) {
            case HANDSHAKE -> endTorOutput();
            case HELD -> abandon();
            case REFUSING, OVER -> ctx.close();
            default -> { }
        }
    }

    /** Tor drops a stream whose client ends its output before it is open: let Tor do so. */
    private void endTorOutput() {
        if (tor instanceof DuplexChannel duplex && tor.isActive()) {
            duplex.shutdownOutput();
        }
    }

    private void abandon() {
        shared.metrics().holdEnded();
        shared.metrics().count(Counter.STREAMS_ABANDONED);
        state = State.OVER;
        cancelTimer();
        tor.close();
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (state == State.HELD) {
            abandon();
        }
        state = State.OVER;
        cancelTimer();
        if (tor != null) {
            tor.close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        cancelTimer();
        dropPending();
    }

    private void dropPending() {
        ReferenceCountUtil.release(pending);
        pending = Unpooled.EMPTY_BUFFER;
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (tor != null) {
            tor.config().setAutoRead(context.channel().isWritable());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            shared.metrics().count(Counter.STREAMS_RESET);
            if (tor != null && tor.isActive()) {
                tor.config().setOption(ChannelOption.SO_LINGER, 0);
            }
        } else {
            shared.metrics().count(Counter.INTERNAL_ERRORS);
            LOG.error("a connection failed: {}", cause.toString());
        }
        context.close();
    }
}
