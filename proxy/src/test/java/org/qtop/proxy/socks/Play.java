package org.qtop.proxy.socks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.qtop.proxy.connector.Transport;

/** A client that plays a script at one proxy, and what it gets to see. Confined to one event loop. */
final class Play extends ChannelInboundHandlerAdapter {

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private Channel channel;
    private String end = "OPEN";
    private long changedNanos = System.nanoTime();

    /** Connects, from a given address or from any. */
    ChannelFuture connect(Transport transport, EventLoop loop, InetSocketAddress proxy, InetSocketAddress from) {
        ChannelFuture connected = new Bootstrap().group(loop).channel(transport.channel())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true).option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_CLOSE, false).option(ChannelOption.SO_REUSEADDR, true)
                .handler(this).connect(proxy, from);
        channel = connected.channel();
        return connected;
    }

    InetSocketAddress local() {
        return (InetSocketAddress) channel.localAddress();
    }

    void does(Script.Step step) {
        if (step instanceof Script.Write write) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(write.bytes()));
        } else if (step instanceof Script.End) {
            ((DuplexChannel) channel).shutdownOutput();
        } else if (step instanceof Script.Reset && channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        byte[] array = new byte[bytes.readableBytes()];
        bytes.readBytes(array).release();
        received.writeBytes(array);
        changedNanos = System.nanoTime();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownReadComplete) {
            ended("FIN");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ended("RESET");
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended("GONE");
    }

    private void ended(String how) {
        if (end.equals("OPEN")) {
            end = how;
            changedNanos = System.nanoTime();
        }
    }

    boolean over() {
        return !end.equals("OPEN");
    }

    long changedNanos() {
        return changedNanos;
    }

    /** All bytes received, and how it ended, as text. */
    String seen() {
        return HexFormat.of().formatHex(received.toByteArray()) + ' ' + end;
    }

    byte[] received() {
        return received.toByteArray();
    }

    ChannelFuture close() {
        return channel.close();
    }
}
