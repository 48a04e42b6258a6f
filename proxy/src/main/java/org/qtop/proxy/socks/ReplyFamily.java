package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.function.BooleanSupplier;
import org.qtop.proxy.stream.Kind;

/**
 * Gives the reply to a CONNECT the address type that the client expects: Tor's, where Tor is reached in another family
 * than we are, and what we say ourselves in Tor's stead. Confined to one event loop.
 *
 * <p>Tor's reply holds a zero address whose type follows the connection that Tor sees: IPv4, or else IPv6, also over a
 * Unix socket (tor's {@code connection_ap_handshake_socks_reply}). Some clients read a fixed number of bytes. Replies
 * to resolutions hold real addresses, and what Tor's parser refuses is answered with an address of IPv4 to everybody:
 * those are left alone, and so is SOCKS4. Sits before everything else on a client channel, and is gone once the reply
 * has passed.
 */
final class ReplyFamily extends ChannelOutboundHandlerAdapter {

    private static final int IPV4 = 1;
    private static final int IPV6 = 4;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int GENERAL_FAILURE = 1;

    /** Until a request is released all that passes is answers to greeting and login. */
    private enum Part { BEFORE, FIRST, LOGIN, CODE, RESERVED, TYPE, ADDRESS, OVER }

    private final int wanted;
    private final boolean torAgrees;
    private boolean nameTaken;
    private Part part = Part.BEFORE;
    private int code;
    private int dropped;

    /**
     * For one client.
     *
     * @param overIpv4 whether its reply is to hold an IPv4 address; else an IPv6 address
     * @param torAgrees whether Tor is reached in the same family, so that its replies are right as they are
     */
    private ReplyFamily(boolean overIpv4, boolean torAgrees) {
        wanted = overIpv4 ? IPV4 : IPV6;
        this.torAgrees = torAgrees;
    }

    /**
     * Has the replies to a client changed where they must be. Our own have an IPv4 address to begin with.
     *
     * @param client the client channel, to which nothing else is added yet
     * @param overIpv4 whether its replies are to hold an IPv4 address; else an IPv6 address
     * @param torOverIpv4 whether Tor's replies do
     */
    static void addTo(Channel client, boolean overIpv4, boolean torOverIpv4) {
        if (!overIpv4 || !torOverIpv4) {
            client.pipeline().addLast(new ReplyFamily(overIpv4, overIpv4 == torOverIpv4));
        }
    }

    /**
     * Tells that the reply that comes next is our own.
     *
     * @param client the client channel
     * @param version the version of the request
     * @param kind what the client asked for
     */
    static void expectOurs(Channel client, int version, Kind kind) {
        ReplyFamily family = client.pipeline().get(ReplyFamily.class);
        if (family != null) {
            family.expect(version, kind, () -> true);
        }
    }

    /**
     * Tells what the reply of Tor that comes next answers.
     *
     * @param client the client channel
     * @param version the version of the request
     * @param kind what the client asked for
     * @param nameTaken tells whether Tor's parser takes the request's name, so that a general failure is of the stream
     */
    static void expect(Channel client, int version, Kind kind, BooleanSupplier nameTaken) {
        ReplyFamily family = client.pipeline().get(ReplyFamily.class);
        if (family != null && family.torAgrees) {
            family.part = Part.OVER;
        } else if (family != null) {
            family.expect(version, kind, nameTaken);
        }
    }

    private void expect(int version, Kind kind, BooleanSupplier taken) {
        part = version == ClientFramer.SOCKS5 && kind == Kind.CONNECT ? Part.FIRST : Part.OVER;
        nameTaken = part == Part.FIRST && taken.getAsBoolean();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (part == Part.BEFORE || !(message instanceof ByteBuf in)) {
            ctx.write(message, promise);
            return;
        }
        ByteBuf out = ctx.alloc().buffer(in.readableBytes() + IPV6_BYTES);
        try {
            while (in.isReadable() && part != Part.OVER) {
                take(in.readUnsignedByte(), out);
            }
            out.writeBytes(in);
        } finally {
            in.release();
        }
        ctx.write(out, promise);
        if (part == Part.OVER) {
            ctx.pipeline().remove(this);
        }
    }

    private void take(int octet, ByteBuf out) {
        if (part == Part.ADDRESS) {
            dropped--;
            part = dropped == 0 ? Part.OVER : Part.ADDRESS;
        } else if (part == Part.TYPE && isToChange(octet)) {
            part = Part.ADDRESS;
            dropped = octet == IPV4 ? IPV4_BYTES : IPV6_BYTES;
            out.writeByte(wanted).writeZero(wanted == IPV4 ? IPV4_BYTES : IPV6_BYTES);
        } else {
            out.writeByte(octet);
            part = after(octet);
        }
    }

    private boolean isToChange(int type) {
        return type == IPV6 && wanted == IPV4
                || type == IPV4 && wanted == IPV6 && (code != GENERAL_FAILURE || nameTaken);
    }

    /** Answers to greeting and login may still come, or be left out: see {@link ReplyFramer}. */
    private Part after(int octet) {
        return switch (part) {
            case FIRST -> octet == ClientFramer.LOGIN_VERSION ? Part.LOGIN
                    : octet == ClientFramer.SOCKS5 ? Part.CODE : Part.OVER;
            case LOGIN -> Part.FIRST;
            case CODE -> {
                code = octet;
                yield Part.RESERVED;
            }
            case RESERVED -> octet == 0 ? Part.TYPE : octet == ClientFramer.LOGIN_VERSION ? Part.LOGIN : Part.CODE;
            default -> Part.OVER;
        };
    }
}
