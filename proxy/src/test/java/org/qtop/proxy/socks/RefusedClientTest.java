package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.BulkLoops;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.stream.StreamException;
import org.qtop.proxy.stream.StreamFailure;
import org.qtop.proxy.stream.StreamTable;

/** A client that cannot be kept apart from others is told so in SOCKS, in the family that it came in. */
class RefusedClientTest {

    private final Metrics metrics = new Metrics();

    private String answerTo(String hex, boolean overIpv4) {
        Holds holds = new Holds(new TopologicalTimingEngine(() -> 7, HoldLaw.uniform(0, 0), 2 * Math.PI, 100));
        EmbeddedChannel nowhere = new EmbeddedChannel();
        FrontContext shared = new FrontContext((loop, handler) -> nowhere.newFailedFuture(
                new StreamException(StreamFailure.NO_ADDRESS_LEFT)), holds, new StreamTable(metrics, stream -> { }),
                metrics, Optional::empty, 10, TorHttp.asSocks(() -> ""), () -> HoldAt.REQUEST,
                BulkLoops.none());
        EmbeddedChannel client = new EmbeddedChannel(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                ReplyFamily.addTo(channel, overIpv4, true);
                channel.pipeline().addLast(new SocksFront(shared));
            }
        });
        client.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
        StringBuilder all = new StringBuilder();
        for (ByteBuf out = client.readOutbound(); out != null; out = client.readOutbound()) {
            all.append(ByteBufUtil.hexDump(out));
            out.release();
        }
        assertFalse(client.isOpen());
        client.finishAndReleaseAll();
        nowhere.finishAndReleaseAll();
        return all.toString();
    }

    @Test
    void shouldRefuseAndCount() {
        assertEquals("0500" + "05010001" + "000000000000", answerTo("050100" + "050100017f0000010050", true));
        assertEquals("0500" + "05010004" + "000000000000000000000000000000000000",
                answerTo("050100" + "050100017f0000010050", false));
        assertEquals(2, metrics.value(Counter.CLIENT_ADDRESSES_FULL));
        assertEquals(0, metrics.value(Counter.TOR_UNREACHABLE));
    }
}
