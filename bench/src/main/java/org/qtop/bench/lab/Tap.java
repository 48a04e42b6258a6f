package org.qtop.bench.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Hears what passes between one Tor client and its guards (view V1), without any privilege: a SOCKS5 server that the
 * client's torrc names as {@code Socks5Proxy}. It notes when bytes of the TLS connections pass, and how many.
 * Thread-safe.
 *
 * <p>Sources: RFC 1928; tor's manual, Socks5Proxy (without a login).
 */
final class Tap implements AutoCloseable {

    private static final int GREETING = 3;
    private static final int REQUEST = 10;
    private static final byte[] GREETED = {5, 0};
    private static final byte[] GRANTED = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};

    private final Loops loops;
    private final Recorder recorder = new Recorder();
    private final Channel listener;

    Tap(Loops loops) throws IOException {
        this.loops = loops;
        listener = loops.listen(channel -> channel.pipeline().addLast(new Handshake()));
    }

    String torrcLine() {
        return "Socks5Proxy 127.0.0.1:" + Loops.port(listener);
    }

    Recorder recorder() {
        return recorder;
    }

    @Override
    public void close() {
        listener.close();
    }

    /** What Tor says first. Confined to one event loop. */
    private final class Handshake extends ChannelInboundHandlerAdapter {

        private final ByteBuf said = Unpooled.buffer(REQUEST);
        private boolean greeted;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws UnknownHostException {
            ByteBuf bytes = (ByteBuf) message;
            said.writeBytes(bytes);
            bytes.release();
            if (!greeted && said.readableBytes() >= GREETING) {
                said.skipBytes(2 + said.getUnsignedByte(1));
                greeted = true;
                context.writeAndFlush(Unpooled.wrappedBuffer(GREETED));
            }
            if (greeted && said.readableBytes() >= REQUEST) {
                byte[] address = new byte[4];
                said.getBytes(said.readerIndex() + 4, address);
                int port = said.getUnsignedShort(said.readerIndex() + 8);
                connect(context.channel(), new InetSocketAddress(InetAddress.getByAddress(address), port));
            }
        }

        private void connect(Channel client, InetSocketAddress to) {
            client.config().setOption(ChannelOption.AUTO_READ, false);
            Relay down = new Relay(client, false);
            loops.dial(client.eventLoop(), to, down).addListener(dialled -> {
                if (!dialled.isSuccess()) {
                    client.close();
                    return;
                }
                Channel guard = ((ChannelFuture) dialled).channel();
                client.pipeline().replace(this, null, new Relay(guard, true));
                client.writeAndFlush(Unpooled.wrappedBuffer(GRANTED));
                client.config().setAutoRead(true);
                if (!client.isActive()) {
                    guard.close();
                }
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /** One direction of a connection. Confined to the event loop that both channels share. */
    private final class Relay extends ChannelInboundHandlerAdapter {

        private final Channel other;
        private final boolean upstream;

        Relay(Channel other, boolean upstream) {
            this.other = other;
            this.upstream = upstream;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            recorder.saw(upstream, ((ByteBuf) message).readableBytes());
            other.writeAndFlush(message, other.voidPromise());
            context.channel().config().setAutoRead(other.isWritable());
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
