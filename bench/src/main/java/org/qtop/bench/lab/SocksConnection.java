package org.qtop.bench.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/**
 * One connection of the application: the talk with the SOCKS5 port under a login, then requests and answers, one at a
 * time. Confined to its loader's event loop.
 *
 * <p>Sources: RFC 1928, RFC 1929.
 */
final class SocksConnection extends ChannelInboundHandlerAdapter {

    private enum State { GREETING, LOGIN, REQUEST, OPEN }

    private static final int SHORT_REPLY = 2;
    private static final int REPLY = 10;

    private final Loader loader;
    private final int host;
    private final String login;
    private final int port;
    private final ByteBuf said = Unpooled.buffer(REPLY);
    private State state = State.GREETING;
    private ChannelHandlerContext context;
    private int exchange = -1;
    private int left;

    SocksConnection(Loader loader, int host, String login, int port) {
        this.loader = loader;
        this.host = host;
        this.login = login;
        this.port = port;
    }

    int host() {
        return host;
    }

    /** Whether an answer is awaited. */
    boolean isBusy() {
        return left > 0;
    }

    void send(ByteBuf request, int number, int answerBytes) {
        exchange = number;
        left = answerBytes;
        context.writeAndFlush(request, context.voidPromise());
    }

    void close() {
        if (context != null) {
            context.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext opened) {
        context = opened;
        context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {5, 1, 2}));
    }

    @Override
    public void channelRead(ChannelHandlerContext where, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (state == State.OPEN) {
                answer(bytes.readableBytes());
                return;
            }
            said.writeBytes(bytes);
            if (said.readableBytes() >= (state == State.REQUEST ? REPLY : SHORT_REPLY)) {
                reply();
            }
        } finally {
            bytes.release();
        }
    }

    private void reply() {
        int code = said.getByte(1);
        if (code != (state == State.GREETING ? 2 : 0)) {
            loader.failed("the SOCKS port answered " + code + " at " + state);
            return;
        }
        said.clear();
        switch (state) {
            case GREETING -> {
                byte[] name = login.getBytes(StandardCharsets.US_ASCII);
                context.writeAndFlush(Unpooled.buffer().writeByte(1).writeByte(name.length).writeBytes(name)
                        .writeByte(1).writeByte('x'));
                state = State.LOGIN;
            }
            case LOGIN -> {
                context.writeAndFlush(Unpooled.buffer().writeBytes(new byte[] {5, 1, 0, 1, 127, 0, 0, 1})
                        .writeShort(port));
                state = State.REQUEST;
            }
            default -> {
                state = State.OPEN;
                loader.opened(this);
            }
        }
    }

    private void answer(int count) {
        if (count > left) {
            loader.failed("an answer is longer than it should be");
            return;
        }
        left -= count;
        loader.received(count);
        if (left == 0) {
            loader.answered(this, exchange);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext where) {
        loader.failed("a connection ended early, at " + state);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext where, Throwable cause) {
        loader.failed(cause.toString());
        where.close();
    }
}
