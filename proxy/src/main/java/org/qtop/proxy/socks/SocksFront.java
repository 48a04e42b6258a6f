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
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.qtop.proxy.connector.Dialler;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.relay.HoldEnd;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection from its accept to its release. Confined to one event loop.
 *
 * <p>Tor is dialled at once. What the client says goes to Tor as it comes, read by read, and Tor's answers go back. The
 * read in which the request becomes complete is held, with all that it holds besides; what follows it waits, bounded,
 * and is sent on in order. At its release the two channels are joined and this handler is gone. A client that leaves
 * during its hold costs Tor nothing but the connection.
 *
 * <p>Reads are not torn apart because Tor answers only the last of the messages that it reads at once.
 */
public final class SocksFront extends ChannelInboundHandlerAdapter {

    /** How long a conversation that we lead ourselves may take, as Tor's SocksTimeout: 120 s. */
    public static final long HANDSHAKE_SECONDS = 120;
    /** How long a connection over the limit may take to hear so: 5 s. */
    public static final long REFUSAL_SECONDS = 5;
    /** How much early data a held stream may send before it is no longer read: 64 KiB. */
    public static final int EARLY_DATA_BYTES = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(SocksFront.class);

    private enum State { DIALLING, HANDSHAKE, HELD, OVER }

    private final FrontContext shared;
    private final Conversation said = new Conversation();
    private ChannelHandlerContext ctx;
    private TorHandshake handshake;
    private Channel tor;
    private boolean viaHttp;
    private HttpConnect connect;
    private State state = State.DIALLING;
    private ProxyStream stream;
    private HoldEnd holdEnd;
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
        dial(shared.connector());
    }

    private void dial(Dialler dialler) {
        state = State.DIALLING;
        handshake = new TorHandshake(this, ctx.channel());
        ChannelFuture dial = dialler.connect(ctx.channel().eventLoop(), handshake);
        if (dial.isDone()) {
            dialled(dial);
        } else {
            dial.addListener((ChannelFutureListener) this::dialled);
        }
    }

    private void dialled(ChannelFuture dial) {
        if (state != State.DIALLING) {
            dial.channel().close();
        } else if (!dial.isSuccess()) {
            refuse(StreamFailure.ofDial(dial.cause()), HANDSHAKE_SECONDS);
        } else {
            tor = dial.channel();
            state = State.HANDSHAKE;
            converse();
            // Who is over has passed the end on already.
            if (inputEnded && state != State.OVER) {
                endOfInput();
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (state == State.OVER) {
            bytes.release();
            return;
        }
        said.append(ctx.alloc(), bytes);
        if (state != State.HANDSHAKE && said.size() > EARLY_DATA_BYTES) {
            shared.metrics().count(Counter.EARLY_DATA_FULL);
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (state == State.HANDSHAKE) {
            converse();
        }
    }

    /** Passes on what came, unless the request is complete with it. */
    private void converse() {
        switch (said.advance()) {
            case INCOMPLETE -> said.passOn(tor);
            case CONNECT_HEAD -> connectHead(false);
            case CONNECT_TOO_LONG -> connectHead(true);
            case REQUEST -> request();
            case OPAQUE -> opaque();
            default -> { }
        }
    }

    /** An HTTP CONNECT is for Tor's own HTTP port, if we know one; else it waits here until its head is whole. */
    private void connectHead(boolean tooLong) {
        if (viaHttp) {
            said.passOn(tor);
        } else if (shared.http().port().isPresent()) {
            turnTo(shared.http().port().get());
        } else if (tooLong) {
            end(Unpooled.EMPTY_BUFFER, false);
        }
    }

    private void turnTo(Dialler http) {
        viaHttp = true;
        Channel unused = tor;
        tor = null;
        dial(http);
        unused.close();
    }

    private void request() {
        said.holdHere();
        if (said.framer().version() != ClientFramer.HTTP || viaHttp) {
            hold();
        } else if (shared.http().port().isPresent()) {
            turnTo(shared.http().port().get());
        } else {
            connect = HttpConnect.parse(said.request());
            if (connect.refusal() == null) {
                hold();
            } else {
                end(HttpReply.refusal(connect.refusal(), shared.http().version()), false);
            }
        }
    }

    private void hold() {
        Optional<StreamFailure> refusal = shared.refusal().get();
        if (refusal.isPresent()) {
            refuse(refusal.get(), REFUSAL_SECONDS);
            return;
        }
        switch (shared.holdAt().get()) {
            case ATTACH -> passOn(new Release(shared, ctx.channel(), tor)::pass);
            case REPLY -> passOn(new Release(shared, ctx.channel(), tor)::toReply);
            default -> holdRequest();
        }
    }

    private void passOn(BiConsumer<Conversation, HttpConnect> way) {
        state = State.OVER;
        way.accept(said, connect);
        passEndOfInput();
    }

    private void holdRequest() {
        state = State.HELD;
        shared.metrics().holdBegan();
        stream = shared.holds().plan(said.framer().kind());
        holdEnd = HoldEnd.begin(ctx.executor(), stream.holdNanos(), this::release);
    }

    private void release(long latenessNanos) {
        if (state != State.HELD) {
            return;
        }
        state = State.OVER;
        shared.metrics().holdEnded();
        stream.released(latenessNanos);
        new Release(shared, ctx.channel(), tor).of(stream, said, connect);
        passEndOfInput();
    }

    private void opaque() {
        state = State.OVER;
        shared.metrics().count(Counter.HANDSHAKES_OPAQUE);
        new Release(shared, ctx.channel(), tor).join(said.takeUnsent());
        passEndOfInput();
    }

    private void passEndOfInput() {
        if (inputEnded) {
            ctx.channel().pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
    }

    /**
     * Tor ended the conversation before the release.
     *
     * @param which the channel's handler; only the present one counts
     * @param reset whether by a reset
     */
    void torGone(TorHandshake which, boolean reset) {
        if (which == handshake && state == State.HELD) {
            shared.metrics().holdEnded();
            refuse(StreamFailure.TOR_UNREACHABLE, HANDSHAKE_SECONDS);
        } else if (which == handshake && state == State.HANDSHAKE) {
            // Tor has no half-close: it is done with its client altogether.
            end(Unpooled.EMPTY_BUFFER, reset);
        }
    }

    private void end(ByteBuf lastWords, boolean reset) {
        state = State.OVER;
        tor.close();
        ctx.writeAndFlush(lastWords).addListener(flushed -> {
            if (reset && ctx.channel().isActive()) {
                ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            }
            ctx.close();
        });
    }

    /** From now on we speak ourselves, and what we say is no. */
    private void refuse(StreamFailure why, long seconds) {
        state = State.OVER;
        shared.metrics().count(why.counter());
        LOG.debug("a stream is refused: {}", why.reason());
        if (tor != null) {
            tor.close();
        }
        ctx.channel().config().setAutoRead(true);
        ByteBuf unanswered = said.takeUnanswered();
        ctx.pipeline().replace(this, null,
                new RefusingFront(shared, why, seconds, said.framer(), unanswered, inputEnded));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownReadComplete) {
            inputEnded = true;
            endOfInput();
        }
    }

    private void endOfInput() {
        switch (state) {
            case HANDSHAKE -> endTorOutput();
            case HELD -> abandon();
            case OVER -> ctx.close();
            default -> { }
        }
    }

    /** Tor drops a stream whose client ends its output before it is open: let Tor do so, and see what it would see. */
    private void endTorOutput() {
        if (said.advance() == ClientFramer.Message.UNDECIDED) {
            said.passOn(tor);
        }
        if (tor instanceof DuplexChannel duplex && tor.isActive()) {
            duplex.shutdownOutput();
        }
    }

    private void abandon() {
        shared.metrics().holdEnded();
        shared.metrics().count(Counter.STREAMS_ABANDONED);
        state = State.OVER;
        tor.close();
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (state == State.HELD) {
            abandon();
        }
        state = State.OVER;
        if (tor != null) {
            tor.close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (holdEnd != null) {
            holdEnd.cancel();
        }
        said.drop();
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
