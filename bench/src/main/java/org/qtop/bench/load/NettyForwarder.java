package org.qtop.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A bare forwarder on Netty: carries bytes both ways with back-pressure, and neither reads what they say nor knows
 * half-close. What a program on this library costs that does nothing else. Its channels and their defaults are Netty's
 * own.
 */
public final class NettyForwarder {

    private NettyForwarder() {
    }

    /**
     * Forwards until the process ends.
     *
     * @param arguments the port to listen on and the port to forward to, both on 127.0.0.1
     * @throws IOException if it cannot listen
     */
    public static void main(String[] arguments) throws IOException {
        InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
        Loops loops = new Loops("forwarder", Runtime.getRuntime().availableProcessors());
        var bound = loops.server()
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, false)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline().addLast(new Side(dial(loops, client, to)));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen", bound.cause());
        }
        bound.channel().closeFuture().awaitUninterruptibly();
    }

    private static Channel dial(Loops loops, Channel client, InetSocketAddress to) {
        Bootstrap bootstrap = loops.client().clone(client.eventLoop());
        return bootstrap.handler(new Side(client)).connect(to).addListener((ChannelFutureListener) connected -> {
                    if (connected.isSuccess()) {
                        client.config().setAutoRead(true);
                    } else {
                        client.close();
                    }
                }).channel();
    }

    /** One of the two channels of a stream. */
    private static final class Side extends ChannelInboundHandlerAdapter {

        private final Channel other;

        Side(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            other.write(message, other.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            other.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            other.config().setAutoRead(context.channel().isWritable());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
