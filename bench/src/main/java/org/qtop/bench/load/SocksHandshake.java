package org.qtop.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The stand-in's side of the SOCKS5 conversation, in one handler, so that the stand-in is not what a run measures.
 * Confined to one event loop.
 *
 * <p>Source: RFC 1928 and RFC 1929.
 */
final class SocksHandshake extends ByteToMessageDecoder {

    private static final int VERSION = 5;
    private static final int NO_LOGIN = 0;
    private static final int PASSWORD = 2;
    private static final int NO_METHOD = 0xff;
    private static final int CONNECT = 1;
    private static final int REFUSED = 5;
    private static final int NO_SUCH_COMMAND = 7;

    private enum State { GREETING, LOGIN, REQUEST, OVER }

    private final StreamWatch watch;
    private final LongAdder discarded;
    private State state = State.GREETING;

    SocksHandshake(StreamWatch watch, LongAdder discarded) {
        this.watch = watch;
        this.discarded = discarded;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        switch (state) {
            case GREETING -> greeting(context, in);
            case LOGIN -> login(context, in);
            case REQUEST -> request(context, in);
            default -> in.skipBytes(in.readableBytes());
        }
    }

    /** Prefers a login, as Tor does, so that a client that offers both shows its login. */
    private void greeting(ChannelHandlerContext context, ByteBuf in) {
        int at = in.readerIndex();
        if (in.readableBytes() < 2 || in.readableBytes() < 2 + in.getUnsignedByte(at + 1)) {
            return;
        }
        int methods = in.getUnsignedByte(at + 1);
        boolean password = in.indexOf(at + 2, at + 2 + methods, (byte) PASSWORD) >= 0;
        boolean none = in.indexOf(at + 2, at + 2 + methods, (byte) NO_LOGIN) >= 0;
        int version = in.getUnsignedByte(at);
        in.skipBytes(2 + methods);
        if (version != VERSION) {
            end(context, Unpooled.EMPTY_BUFFER);
        } else if (password || none) {
            state = password ? State.LOGIN : State.REQUEST;
            say(context, VERSION, password ? PASSWORD : NO_LOGIN);
        } else {
            end(context, Unpooled.wrappedBuffer(new byte[] {VERSION, (byte) NO_METHOD}));
        }
    }

    private void login(ChannelHandlerContext context, ByteBuf in) {
        int at = in.readerIndex();
        int left = in.readableBytes();
        int user = left < 2 ? 0 : in.getUnsignedByte(at + 1);
        int password = left < user + 3 ? 0 : in.getUnsignedByte(at + 2 + user);
        if (left >= 3 && left >= 3 + user + password) {
            in.skipBytes(3 + user + password);
            state = State.REQUEST;
            say(context, 1, 0);
        }
    }

    private void request(ChannelHandlerContext context, ByteBuf in) {
        int length = requestLength(in);
        if (length == 0 || in.readableBytes() < length) {
            return;
        }
        int command = in.getUnsignedByte(in.readerIndex() + 1);
        int port = in.getUnsignedShort(in.readerIndex() + length - 2);
        in.skipBytes(length);
        StandInStream stream = stream(port);
        if (command != CONNECT) {
            end(context, reply(NO_SUCH_COMMAND));
        } else if (stream == null) {
            end(context, reply(REFUSED));
        } else {
            state = State.OVER;
            stream.watched(watch, watch.requested((InetSocketAddress) context.channel().remoteAddress(), port), port);
            context.writeAndFlush(reply(0), context.voidPromise());
            context.pipeline().addLast(stream);
            // Data that followed the request goes to the stream when the decoder leaves.
            context.pipeline().remove(this);
        }
    }

    /** The length of the whole request in bytes, or 0 while that is not known. */
    private static int requestLength(ByteBuf in) {
        int at = in.readerIndex();
        if (in.readableBytes() < 5) {
            return 0;
        }
        return switch (in.getUnsignedByte(at + 3)) {
            case 3 -> 7 + in.getUnsignedByte(at + 4);
            case 4 -> 22;
            default -> 10;
        };
    }

    private StandInStream stream(int port) {
        return switch (port) {
            case StandInSocksServer.ECHO -> new EchoStream();
            case StandInSocksServer.DISCARD -> new DiscardStream(discarded);
            case StandInSocksServer.SOURCE -> new SourceStream();
            default -> null;
        };
    }

    private static void say(ChannelHandlerContext context, int first, int second) {
        context.writeAndFlush(context.alloc().ioBuffer(2).writeByte(first).writeByte(second), context.voidPromise());
    }

    private void end(ChannelHandlerContext context, ByteBuf last) {
        state = State.OVER;
        context.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
    }

    /** Tor, too, tells no address. */
    private static ByteBuf reply(int code) {
        return Unpooled.wrappedBuffer(new byte[] {VERSION, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0});
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
