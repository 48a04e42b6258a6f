package org.qtop.bench.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A SOCKS port that wants a login, takes any, and dials 127.0.0.1. For tests. */
final class LoginPort implements AutoCloseable {

    private final Loops loops;
    private final Channel listener;

    LoginPort(Loops loops) throws IOException {
        this.loops = loops;
        listener = loops.listen(channel -> channel.pipeline().addLast(new Talk()));
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    @Override
    public void close() {
        listener.close();
    }

    private final class Talk extends ChannelInboundHandlerAdapter {

        private int step;
        private Channel far;

        @Override
        public void channelRead(ChannelHandlerContext near, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (far != null) {
                far.writeAndFlush(bytes);
                return;
            }
            int port = bytes.getUnsignedShort(bytes.readableBytes() - 2);
            bytes.release();
            if (step++ < 2) {
                near.writeAndFlush(Unpooled.wrappedBuffer(step == 1 ? new byte[] {5, 2} : new byte[] {1, 0}));
                return;
            }
            loops.dial((io.netty.channel.EventLoop) near.executor(), new InetSocketAddress("127.0.0.1", port),
                    new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelActive(ChannelHandlerContext opened) {
                            far = opened.channel();
                            near.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0}));
                        }

                        @Override
                        public void channelRead(ChannelHandlerContext there, Object answer) {
                            near.writeAndFlush(answer);
                        }
                    });
        }

        @Override
        public void channelInactive(ChannelHandlerContext near) {
            if (far != null) {
                far.close();
            }
        }
    }
}
