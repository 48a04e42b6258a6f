package org.qtop.proxy.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.qtop.proxy.metrics.Metrics;

class RelayHandlerTest {

    private static final int LARGE = 256 << 10;

    private final Metrics metrics = new Metrics();
    private final Slow slow = new Slow();
    private final EmbeddedChannel tor = new EmbeddedChannel(slow);
    private final Client client = new Client();

    RelayHandlerTest() {
        client.pipeline().addLast(RelayHandler.ofClient(tor, metrics, BulkLoops.none()));
        tor.pipeline().addLast(RelayHandler.ofTor(client, metrics, BulkLoops.none()));
    }

    /** A channel that notes when its reading is switched on and off. */
    private static final class Client extends EmbeddedChannel {

        private final List<Boolean> switched = new ArrayList<>();
        private ChannelConfig config;

        @Override
        public ChannelConfig config() {
            if (config == null) {
                config = new Noted(this);
            }
            return config;
        }

        private final class Noted extends DefaultChannelConfig {

            Noted(Channel channel) {
                super(channel);
            }

            @Override
            public ChannelConfig setAutoRead(boolean autoRead) {
                if (isAutoRead() != autoRead) {
                    switched.add(autoRead);
                }
                return super.setAutoRead(autoRead);
            }
        }
    }

    /** A channel's way out, which can be shut. */
    private static final class Slow extends ChannelOutboundHandlerAdapter {

        private boolean shut;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!shut) {
                ctx.flush();
            }
        }
    }

    @AfterEach
    void closeAll() {
        tor.finishAndReleaseAll();
        client.finishAndReleaseAll();
    }

    @Test
    void readingGoesOnWhileThePeerTakesAllAtOnce() {
        for (int i = 0; i < 8; i++) {
            client.writeInbound(Unpooled.wrappedBuffer(new byte[LARGE]));
        }
        assertEquals(List.of(), client.switched);
        assertEquals(8, tor.outboundMessages().size());
    }

    @Test
    void readingStopsAtWhatThePeerDoesNotTakeAndGoesOnOnceItHas() {
        slow.shut = true;
        client.writeInbound(Unpooled.wrappedBuffer(new byte[LARGE]));
        assertFalse(client.config().isAutoRead());
        slow.shut = false;
        tor.flush();
        assertTrue(client.config().isAutoRead());
        assertEquals(List.of(false, true), client.switched);
        assertEquals(LARGE, metrics.relayedBytes(true));
    }

    @Test
    void smallReadsAreWrittenTogether() {
        client.writeOneInbound(Unpooled.wrappedBuffer(new byte[1_000]));
        client.writeOneInbound(Unpooled.wrappedBuffer(new byte[1_000]));
        assertEquals(0, tor.outboundMessages().size());
        client.flushInbound();
        assertEquals(2, tor.outboundMessages().size());
    }
}
