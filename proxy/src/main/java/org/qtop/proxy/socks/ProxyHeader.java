package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.connector.Client;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the PROXY protocol header that a gateway puts before a connection, and tells whom it speaks for. Confined to
 * one event loop.
 *
 * <p>Source: "The PROXY protocol", section 2.2. Version 2 alone is taken. A LOCAL header, and a header without an IP
 * address, speak for the gateway itself. Whatever else is there, is missing or does not come in time ends the
 * connection without a word: nobody can be told in SOCKS who has not begun to speak it.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {

    /** How long the header may take to come: 10 s. */
    static final long HEADER_SECONDS = 10;
    /** How many bytes of extensions a header may hold. */
    static final int MOST_EXTENSIONS = 4_096;

    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeader.class);

    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

    private final Metrics metrics;
    private final Consumer<Optional<InetAddress>> accepted;
    private ScheduledFuture<?> timer;
    private boolean over;

    /**
     * For one connection.
     *
     * @param metrics where bad headers are counted
     * @param accepted told once of the client's address; it adds what comes next to the pipeline
     */
    ProxyHeader(Metrics metrics, Consumer<Optional<InetAddress>> accepted) {
        this.metrics = metrics;
        this.accepted = accepted;
    }

    /** Netty's decoder would take what does not begin like version 2 for version 1, and wait for its line's end. */
    private final class Signature extends ChannelInboundHandlerAdapter {

        private int seen;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            for (int i = bytes.readerIndex(); i < bytes.writerIndex() && seen < SIGNATURE.length; i++) {
                if (bytes.getByte(i) != SIGNATURE[seen]) {
                    bytes.release();
                    refuse(ctx);
                    return;
                }
                seen++;
            }
            if (seen == SIGNATURE.length) {
                ctx.pipeline().remove(this);
            }
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.pipeline().addBefore(ctx.name(), null, new Signature());
        ctx.pipeline().addBefore(ctx.name(), null, new HAProxyMessageDecoder(MOST_EXTENSIONS));
        timer = ctx.executor().schedule(() -> refuse(ctx), HEADER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        timer.cancel(false);
    }

    /** Nothing behind us is to hear of it yet. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        LOG.trace("a connection waits for its PROXY header");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!over && message instanceof HAProxyMessage header && good(header)) {
                over = true;
                accepted.accept(addressOf(ctx, header));
                ctx.fireChannelActive();
                ctx.pipeline().remove(this);
            } else {
                refuse(ctx);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private static boolean good(HAProxyMessage header) {
        return header.protocolVersion() == HAProxyProtocolVersion.V2
                && header.proxiedProtocol() != HAProxyProxiedProtocol.UDP4
                && header.proxiedProtocol() != HAProxyProxiedProtocol.UDP6
                && header.proxiedProtocol() != HAProxyProxiedProtocol.UNIX_DGRAM;
    }

    private static Optional<InetAddress> addressOf(ChannelHandlerContext ctx, HAProxyMessage header) {
        boolean tcp = header.proxiedProtocol() == HAProxyProxiedProtocol.TCP4
                || header.proxiedProtocol() == HAProxyProxiedProtocol.TCP6;
        if (header.command() == HAProxyCommand.LOCAL || !tcp) {
            return Client.addressOf(ctx.channel().remoteAddress());
        }
        String text = header.sourceAddress();
        return Values.address((text.indexOf(':') < 0 ? text : "[" + text + "]") + ":0")
                .flatMap((InetSocketAddress address) -> Client.addressOf(address));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownReadComplete) {
            refuse(ctx);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refuse(ctx);
    }

    private void refuse(ChannelHandlerContext ctx) {
        if (!over) {
            over = true;
            metrics.count(Counter.PROXY_HEADERS_BAD);
        }
        ctx.close();
    }
}
