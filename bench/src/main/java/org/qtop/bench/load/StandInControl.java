package org.qtop.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The control port of the stand-in for Tor: lets anybody in, answers what qtop asks at its start, and tells of every
 * stream the events that Tor tells, in Tor's order and before the SOCKS reply. Streams share sixteen circuits. Confined
 * to one event loop.
 *
 * <p>Source: Tor control-spec, "PROTOCOLINFO", "GETINFO", "Stream status changed".
 */
final class StandInControl implements StreamWatch {

    private static final int CIRCUITS = 16;
    private static final int MAX_COMMAND = 65_536;

    private static final Map<String, String> INFO = Map.of("process/pid", Long.toString(ProcessHandle.current().pid()),
            "uptime", "100", "stream-status", "", "circuit-status", "", "status/bootstrap-phase",
            "NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY=\"Done\"");

    private Channel listener;
    private Channel client;
    private boolean flushing;
    private long streams;

    /** Listens on a free port of loopback, on loops of which there is only one. */
    void listen(Loops loops) throws IOException {
        var bound = loops.server().childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new LineBasedFrameDecoder(MAX_COMMAND), new Commands());
            }
        }).bind(InetAddress.getLoopbackAddress(), 0).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("the stand-in control port cannot listen on loopback", bound.cause());
        }
        listener = bound.channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** One connection. */
    private final class Commands extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
            String command = line.toString(StandardCharsets.ISO_8859_1);
            if (command.startsWith("SETEVENTS") && command.contains("STREAM")) {
                client = context.channel();
            }
            context.writeAndFlush(text(context.channel(), answer(command)), context.voidPromise());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (client == context.channel()) {
                client = null;
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /** What this control port says to a command. */
    static String answer(String command) {
        if (command.startsWith("PROTOCOLINFO")) {
            return "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor=\"0.4.9.11\"\r\n250 OK\r\n";
        }
        if (command.startsWith("GETINFO ")) {
            String key = command.substring("GETINFO ".length()).strip();
            String value = INFO.get(key);
            return value == null ? "552 Unrecognized key \"" + key + "\"\r\n"
                    : "250-" + key + '=' + value + "\r\n250 OK\r\n";
        }
        return command.startsWith("AUTHENTICATE") || command.startsWith("SETEVENTS") ? "250 OK\r\n"
                : "510 Unrecognized command\r\n";
    }

    private static ByteBuf text(Channel channel, String text) {
        return ByteBufUtil.writeAscii(channel.alloc(), text);
    }

    @Override
    public long requested(InetSocketAddress source, int port) {
        streams++;
        if (client != null) {
            String target = " 10.1.2.3:" + port;
            String circuit = " " + (1 + streams % CIRCUITS) + target + "\r\n";
            String begin = "650 STREAM " + streams;
            tell(begin + " NEW 0" + target + " SOURCE_ADDR=" + source.getAddress().getHostAddress() + ':'
                    + source.getPort() + " PURPOSE=USER CLIENT_PROTOCOL=SOCKS5 NYM_EPOCH=0 SESSION_GROUP=-3"
                    + " ISO_FIELDS=SESSION_GROUP\r\n" + begin + " SENTCONNECT" + circuit + begin + " SUCCEEDED"
                    + circuit);
        }
        return streams;
    }

    @Override
    public void closed(long stream, int port) {
        if (client != null) {
            tell("650 STREAM " + stream + " CLOSED " + (1 + stream % CIRCUITS) + " 10.1.2.3:" + port
                    + " REASON=DONE\r\n");
        }
    }

    /** Sends what one turn of the loop has to tell together, as Tor does. */
    private void tell(String events) {
        client.write(text(client, events), client.voidPromise());
        if (!flushing) {
            flushing = true;
            client.eventLoop().execute(() -> {
                flushing = false;
                if (client != null) {
                    client.flush();
                }
            });
        }
    }
}
