package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import org.qtop.proxy.stream.Kind;

/**
 * Gives the reply to a CONNECT the address type that the client expects, where Tor is reached in another family than we
 * are. Confined to one event loop.
 *
 * <p>Tor's reply holds a zero address whose type follows the connection that Tor sees: IPv4, or else IPv6, also over a
 * Unix socket (tor's {@code connection_ap_handshake_socks_reply}). Some clients read a fixed number of bytes. Replies
 * to resolutions hold real addresses, and replies to what Tor does not understand are always of IPv4: those are left
 * alone, and so is SOCKS4. Sits before everything else on a client channel, and is gone once the reply has passed.
 */
final class ReplyFamily extends ChannelOutboundHandlerAdapter {

    private static final int IPV4 = 1;
    private static final int IPV6 = 4;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private enum Part { VERSION, METHOD, FIRST, LOGIN, CODE, RESERVED, TYPE, ADDRESS, OVER }

    private final int wanted;
    private boolean connect;
    private Part part = Part.VERSION;
    private int dropped;

    /**
     * For one client.
     *
     * @param overIpv4 whether its reply is to hold an IPv4 address; else an IPv6 address
     */
    ReplyFamily(boolean overIpv4) {
        wanted = overIpv4 ? IPV4 : IPV6;
    }

    /**
     * Tells what the reply that comes next answers.
     *
     * @param client the client channel
     * @param kind what the client asked for
     */
    static void expect(Channel client, Kind kind) {
        ReplyFamily family = client.pipeline().get(ReplyFamily.class);
        if (family != null) {
            family.connect = kind == Kind.CONNECT;
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf in)) {
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
        if (part == Part.TYPE && connect && (octet == IPV4 || octet == IPV6) && octet != wanted) {
            part = Part.ADDRESS;
            dropped = octet == IPV4 ? IPV4_BYTES : IPV6_BYTES;
            out.writeByte(wanted).writeZero(wanted == IPV4 ? IPV4_BYTES : IPV6_BYTES);
            return;
        }
        if (part == Part.ADDRESS) {
            dropped--;
            part = dropped == 0 ? Part.OVER : Part.ADDRESS;
            return;
        }
        out.writeByte(octet);
        part = switch (part) {
            case VERSION -> octet == ClientFramer.SOCKS5 ? Part.METHOD : Part.OVER;
            case METHOD, LOGIN -> Part.FIRST;
            case FIRST -> octet == ClientFramer.LOGIN_VERSION ? Part.LOGIN : Part.CODE;
            case CODE -> Part.RESERVED;
            case RESERVED -> Part.TYPE;
            default -> Part.OVER;
        };
    }
}
