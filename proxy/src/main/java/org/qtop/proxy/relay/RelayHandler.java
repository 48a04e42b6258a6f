package org.qtop.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Measure;
import org.qtop.proxy.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what one channel reads to its peer. Two of these, each the other's peer, join a client channel and a Tor
 * channel. Confined to the event loop that both channels share.
 *
 * <p>Back-pressure: a channel reads only while its peer can take more. End of input becomes end of output once all is
 * written, and both channels are closed once both inputs have ended. A reset becomes a reset once all is written. A
 * client that has been sent all, and which says nothing more for {@link #LINGER_SECONDS}, is closed: Tor, once it ends
 * a stream, has closed it altogether.
 */
public final class RelayHandler extends ChannelInboundHandlerAdapter {

    /** How long a client may stay silent once Tor's input has ended and the client has been sent all of it: 60 s. */
    public static final long LINGER_SECONDS = 60;

    private static final long NEVER = Long.MAX_VALUE;
    private static final Logger LOG = LoggerFactory.getLogger(RelayHandler.class);

    private final Channel peer;
    private final boolean towardsTor;
    private final Metrics metrics;
    private final BulkLoops bulkLoops;
    private boolean ended;
    private boolean reset;
    private boolean active;
    private long bytes;
    private long moveAt;
    private ScheduledFuture<?> linger;

    private RelayHandler(Channel peer, boolean towardsTor, Metrics metrics, BulkLoops bulkLoops) {
        this.peer = peer;
        this.towardsTor = towardsTor;
        this.metrics = metrics;
        this.bulkLoops = bulkLoops;
        this.moveAt = bulkLoops.afterBytes();
    }

    /**
     * The handler of a client channel.
     *
     * @param tor the Tor channel
     * @param metrics where resets are counted
     * @param bulkLoops where the two go if they carry much
     * @return a new handler
     */
    public static RelayHandler ofClient(Channel tor, Metrics metrics, BulkLoops bulkLoops) {
        return new RelayHandler(tor, true, metrics, bulkLoops);
    }

    /**
     * The handler of a Tor channel.
     *
     * @param client the client channel
     * @param metrics where resets are counted
     * @param bulkLoops where the two go if they carry much
     * @return a new handler
     */
    public static RelayHandler ofTor(Channel client, Metrics metrics, BulkLoops bulkLoops) {
        return new RelayHandler(client, false, metrics, bulkLoops);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        active = true;
        count(((ByteBuf) message).readableBytes());
        peer.write(message, peer.voidPromise());
        if (!peer.isWritable()) {
            // A read as large as all that may wait is no reason to stop: only what the peer does not take is.
            peer.flush();
            if (!peer.isWritable()) {
                ctx.channel().config().setAutoRead(false);
            }
        }
    }

    private void count(int more) {
        bytes += more;
        metrics.relayed(towardsTor, more);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        peer.flush();
        if (bytes >= moveAt) {
            move(ctx.channel());
        }
    }

    private void move(Channel channel) {
        RelayHandler other = of(peer);
        if (other != null && other.moveAt != NEVER && open(channel) && open(peer)) {
            moveAt = NEVER;
            bulkLoops.move(channel, peer, () -> moveAt = bytes + bulkLoops.afterBytes());
        }
    }

    private static RelayHandler of(Channel channel) {
        return channel.pipeline().get(RelayHandler.class);
    }

    /** Tells whether a channel's input has not ended, as far as this handler has heard. */
    static boolean open(Channel channel) {
        RelayHandler handler = of(channel);
        return handler != null && !handler.ended && !handler.reset;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            peer.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownReadComplete && !ended && !reset) {
            ended = true;
            endOutputOf(peer);
        }
    }

    /**
     * Ends a channel's output once all that was written is sent; its life too if its input has ended before, or once it
     * falls silent.
     */
    private void endOutputOf(Channel channel) {
        RelayHandler other = of(channel);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            boolean over = other != null && other.ended;
            if (!over && channel.isActive() && channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
                // Not before: a client may take what is left as slowly as it likes, and says nothing meanwhile.
                if (!towardsTor && other != null) {
                    other.lingerOn(channel);
                }
            } else {
                channel.close();
            }
        });
    }

    /** Closes the channel after a minute in which it read nothing. */
    private void lingerOn(Channel channel) {
        if (!channel.isActive()) {
            return;
        }
        active = false;
        linger = channel.eventLoop().schedule(() -> {
            if (active) {
                lingerOn(channel);
            } else {
                channel.close();
            }
        }, LINGER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        metrics.record(towardsTor ? Measure.UPSTREAM : Measure.DOWNSTREAM, bytes);
        if (linger != null) {
            linger.cancel(false);
        }
        if (!peer.isActive()) {
            return;
        }
        peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            // The peer may be gone by now, and another connection may have its descriptor.
            if (reset && done.isSuccess() && peer.isActive() && peer.config() instanceof SocketChannelConfig) {
                peer.config().setOption(ChannelOption.SO_LINGER, 0);
            }
        }).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            if (!reset) {
                metrics.count(Counter.STREAMS_RESET);
            }
        } else {
            metrics.count(Counter.INTERNAL_ERRORS);
            LOG.error("a relay failed: {}", cause.toString());
        }
        reset = true;
        ctx.close();
    }
}
