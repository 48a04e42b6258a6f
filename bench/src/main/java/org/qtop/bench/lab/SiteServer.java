package org.qtop.bench.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * All destinations: a web server on several ports that answers with as many bytes as it is asked for, and notes what
 * passes, flow by flow (view V3). A request names its flow in its path, so that there is no doubt which one it is of.
 * Thread-safe.
 */
final class SiteServer implements AutoCloseable {

    /** Bytes of an answer's head. */
    static final int HEAD_BYTES = 47;
    /** Bytes of the shortest request. */
    static final int LEAST_REQUEST = 64;

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: %010d\r\n\r\n";
    private static final byte[] END = {'\r', '\n', '\r', '\n'};
    private static final ByteBuf BODY = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(1 << 13, 1 << 13).writeZero(1 << 13).asReadOnly());

    private record Watched(Recorder recorder, Marker marker) {
    }

    private final List<Channel> listeners = new ArrayList<>();
    private final Map<Integer, Watched> flows = new ConcurrentHashMap<>();

    SiteServer(Loops loops) throws IOException {
        for (int host = 0; host < Plan.HOSTS; host++) {
            listeners.add(loops.listen(channel -> channel.pipeline().addLast(new Answers())));
        }
    }

    List<Integer> ports() {
        return listeners.stream().map(Loops::port).toList();
    }

    /** Begins to note one flow. */
    Recorder watch(int flow, Marker marker) {
        Recorder recorder = new Recorder();
        flows.put(flow, new Watched(recorder, marker));
        return recorder;
    }

    void forget(int flow) {
        flows.remove(flow);
    }

    /** The text of a request, filled up to a length. */
    static ByteBuf request(int flow, Plan.Exchange exchange) {
        String head = "GET /" + flow + "/" + exchange.down() + "/" + exchange.thinkNanos() / 1_000
                + " HTTP/1.1\r\nX: ";
        int fill = Math.max(0, exchange.up() - head.length() - END.length);
        return Unpooled.copiedBuffer(head + "x".repeat(fill) + "\r\n\r\n", StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        listeners.forEach(Channel::close);
    }

    /** One connection. Confined to one event loop. */
    private final class Answers extends ChannelInboundHandlerAdapter {

        private final StringBuilder said = new StringBuilder();
        private Watched flow;
        private int unnoted;
        private int left;
        private boolean head;
        /** Which chunk of the body is next. */
        private int index;
        private boolean scheduled;
        private long nextNanos;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            unnoted += bytes.readableBytes();
            said.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
            int line = said.indexOf("\r\n");
            if (line < 0) {
                return;
            }
            String[] words = said.substring(0, line).split("[ /]+");
            if (words.length < 4 || !words[0].equals("GET")) {
                context.close();
                return;
            }
            flow = flows.get(Integer.parseInt(words[1]));
            if (flow != null) {
                flow.recorder().saw(true, unnoted);
                flow.marker().heard(System.nanoTime());
            }
            unnoted = 0;
            if (said.length() >= 4 && said.substring(said.length() - 4).equals("\r\n\r\n")) {
                said.setLength(0);
                left = Integer.parseInt(words[2]);
                head = true;
                sendIn(context, TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[3])));
            }
        }

        private void sendIn(ChannelHandlerContext context, long nanos) {
            scheduled = true;
            context.executor().schedule(() -> {
                scheduled = false;
                send(context);
            }, nanos, TimeUnit.NANOSECONDS);
        }

        /** Sends one chunk, if the marker and the socket allow it, and sees to the next. */
        private void send(ChannelHandlerContext context) {
            if (left == 0 || !context.channel().isActive() || !context.channel().isWritable()) {
                return;
            }
            long now = System.nanoTime();
            Marker marker = flow == null ? Marker.NONE : flow.marker();
            long hold = head ? 0 : marker.holdNanos(now, index);
            if (hold > 0) {
                sendIn(context, hold);
                return;
            }
            ByteBuf chunk = head ? Unpooled.copiedBuffer(String.format(Locale.ROOT, HEAD, left - HEAD_BYTES),
                    StandardCharsets.US_ASCII) : BODY.retainedSlice(0, Math.min(left, marker.chunkBytes()));
            index = head ? 0 : index + 1;
            head = false;
            left -= chunk.readableBytes();
            if (flow != null) {
                flow.recorder().saw(false, chunk.readableBytes());
            }
            context.writeAndFlush(chunk, context.voidPromise());
            if (left > 0) {
                nextNanos = (nextNanos - now > 0 ? nextNanos : now) + marker.paceNanos();
                sendIn(context, nextNanos - now);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().isWritable() && !scheduled) {
                send(context);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
