package org.qtop.bench.load;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthResponse;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5Message;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthStatus;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;

/** The stand-in's side of the SOCKS5 conversation. Confined to one event loop. */
final class SocksHandshake extends SimpleChannelInboundHandler<Socks5Message> {

    private SocksHandshake() {
    }

    static void install(ChannelPipeline pipeline) {
        pipeline.addLast(Socks5ServerEncoder.DEFAULT, new Socks5InitialRequestDecoder(), new SocksHandshake());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Socks5Message message) {
        if (message.decoderResult().isFailure()) {
            context.close();
        } else if (message instanceof Socks5InitialRequest greeting) {
            greet(context, greeting);
        } else if (message instanceof Socks5PasswordAuthRequest) {
            context.writeAndFlush(new DefaultSocks5PasswordAuthResponse(Socks5PasswordAuthStatus.SUCCESS));
            next(context, Socks5PasswordAuthRequestDecoder.class, new Socks5CommandRequestDecoder());
        } else if (message instanceof Socks5CommandRequest request) {
            answer(context, request);
        }
    }

    /** Prefers a login, as Tor does, so that a client that offers both shows its login. */
    private static void greet(ChannelHandlerContext context, Socks5InitialRequest greeting) {
        if (greeting.authMethods().contains(Socks5AuthMethod.PASSWORD)) {
            context.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.PASSWORD));
            next(context, Socks5InitialRequestDecoder.class, new Socks5PasswordAuthRequestDecoder());
        } else if (greeting.authMethods().contains(Socks5AuthMethod.NO_AUTH)) {
            context.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.NO_AUTH));
            next(context, Socks5InitialRequestDecoder.class, new Socks5CommandRequestDecoder());
        } else {
            context.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.UNACCEPTED))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Puts the decoder of the next message in front of the last one, whose left-over bytes then go through it. */
    private static void next(ChannelHandlerContext context, Class<? extends ChannelHandler> last,
            ChannelHandler decoder) {
        ChannelPipeline pipeline = context.pipeline();
        pipeline.addAfter(pipeline.context(last).name(), null, decoder);
        pipeline.remove(last);
    }

    private void answer(ChannelHandlerContext context, Socks5CommandRequest request) {
        ChannelHandler stream = stream(request.dstPort());
        if (!request.type().equals(Socks5CommandType.CONNECT)) {
            refuse(context, Socks5CommandStatus.COMMAND_UNSUPPORTED);
        } else if (stream == null) {
            refuse(context, Socks5CommandStatus.CONNECTION_REFUSED);
        } else {
            context.writeAndFlush(reply(Socks5CommandStatus.SUCCESS));
            ChannelPipeline pipeline = context.pipeline();
            pipeline.remove(Socks5ServerEncoder.class);
            pipeline.addLast(stream);
            // The decoder may hold data that followed the request: it lets go of it when it leaves.
            pipeline.remove(this);
            pipeline.remove(Socks5CommandRequestDecoder.class);
        }
    }

    private static ChannelHandler stream(int port) {
        return switch (port) {
            case StandInSocksServer.ECHO -> new EchoStream();
            case StandInSocksServer.DISCARD -> new DiscardStream();
            case StandInSocksServer.SOURCE -> new SourceStream();
            default -> null;
        };
    }

    private static void refuse(ChannelHandlerContext context, Socks5CommandStatus status) {
        context.writeAndFlush(reply(status)).addListener(ChannelFutureListener.CLOSE);
    }

    /** Tor, too, tells no address. */
    private static DefaultSocks5CommandResponse reply(Socks5CommandStatus status) {
        return new DefaultSocks5CommandResponse(status, Socks5AddressType.IPv4, "0.0.0.0", 0);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
