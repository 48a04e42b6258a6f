package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.connector.Dialler;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.BulkLoops;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamFailure;
import org.qtop.proxy.stream.StreamTable;

/** A front between a client and a Tor that are both in memory, on a frozen clock. For tests. */
abstract class FrontInMemory {

    static final long HOLD_NANOS = 5_000_000;
    static final String GREETING = "050100";
    static final String REQUEST = "05010001" + "7f0000010050";
    static final String REPLY = "05000001000000000000";

    final Metrics metrics = new Metrics();
    final List<ProxyStream> identified = new ArrayList<>();
    final StreamTable table = new StreamTable(metrics, identified::add);
    SocketAddress torLocal;
    final EmbeddedChannel tor = new EmbeddedChannel(false, false) {
        @Override
        protected SocketAddress localAddress0() {
            return torLocal == null ? super.localAddress0() : torLocal;
        }
    };
    boolean torUp = true;
    StreamFailure refusal;
    int limit = 10;
    HoldAt holdAt = HoldAt.REQUEST;
    TorHttp http = TorHttp.asSocks(() -> "0.4.9.11");
    EmbeddedChannel client;

    void accept() {
        HoldLaw law = HoldLaw.uniform(HOLD_NANOS, HOLD_NANOS);
        Holds holds = new Holds(new TopologicalTimingEngine(() -> 7, law, 2 * Math.PI, 100));
        client = new EmbeddedChannel(new SocksFront(new FrontContext(to(tor), holds,
                table, metrics, () -> Optional.ofNullable(refusal), limit, http, () -> holdAt,
                BulkLoops.none())));
        client.freezeTime();
    }

    /** Dials a Tor in memory. */
    Dialler to(EmbeddedChannel channel) {
        return (loop, handler) -> {
            ChannelPromise dial = channel.newPromise();
            if (!torUp) {
                return dial.setFailure(new ConnectException("refused"));
            }
            channel.pipeline().addLast(handler);
            try {
                channel.register();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return dial.setSuccess();
        };
    }

    void clientSends(String hex) {
        client.writeInbound(bytes(hex));
    }

    void clientSays(String text) {
        client.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    void torSends(String hex) {
        tor.writeInbound(bytes(hex));
    }

    static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    static String sentTo(EmbeddedChannel channel) {
        return String.join("", writesTo(channel));
    }

    static String saidTo(EmbeddedChannel channel) {
        return new String(HexFormat.of().parseHex(sentTo(channel)), StandardCharsets.ISO_8859_1);
    }

    /** Each write that is not empty. */
    static List<String> writesTo(EmbeddedChannel channel) {
        List<String> all = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            if (out.isReadable()) {
                all.add(ByteBufUtil.hexDump(out));
            }
            out.release();
        }
        return all;
    }

    void pass(long nanos) {
        client.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        client.runScheduledPendingTasks();
    }

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
        if (tor.isRegistered()) {
            tor.finishAndReleaseAll();
        }
        assertEquals(0, metrics.openConnections());
        assertEquals(0, metrics.value(Counter.INTERNAL_ERRORS));
    }
}
