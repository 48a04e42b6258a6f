package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;

class ProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String TCP4 = SIGNATURE + "2111000c" + "c000020a" + "7f000001" + "1388" + "23be";
    private static final String TCP6 = SIGNATURE + "21210024" + "20010db8000000000000000000000001"
            + "00000000000000000000000000000001" + "1388" + "23be";
    private static final String LOCAL = SIGNATURE + "20000000";
    private static final String UNSPECIFIED = SIGNATURE + "21000000";

    private final Metrics metrics = new Metrics();
    private final List<String> seen = new ArrayList<>();
    private EmbeddedChannel client;

    private void accept() {
        client = new EmbeddedChannel();
        client.freezeTime();
        client.pipeline().addLast(new ProxyHeader(metrics, address -> {
            seen.add(address.map(InetAddress::getHostAddress).orElse("gateway"));
            client.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelActive(ChannelHandlerContext ctx) {
                    seen.add("active");
                }
            });
        }));
    }

    private String read() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf in = client.readInbound(); in != null; in = client.readInbound()) {
            all.append(HexFormat.of().formatHex(io.netty.buffer.ByteBufUtil.getBytes(in)));
            in.release();
        }
        return all.toString();
    }

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16, 1000})
    void shouldTellWhomTheGatewaySpeaksForAndPassTheRestOn(int piece) {
        for (String header : List.of(TCP4, TCP6, LOCAL, UNSPECIFIED)) {
            accept();
            byte[] bytes = HexFormat.of().parseHex(header + "050100" + "aabb");
            for (int at = 0; at < bytes.length; at += piece) {
                client.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
            }
            assertEquals("050100aabb", read());
            assertNull(client.pipeline().get(ProxyHeader.class));
            assertNull(client.pipeline().get(HAProxyMessageDecoder.class));
            client.advanceTimeBy(1, TimeUnit.HOURS);
            client.runScheduledPendingTasks();
            assertTrue(client.isOpen());
            client.finishAndReleaseAll();
        }
        assertEquals(List.of("192.0.2.10", "active", "2001:db8:0:0:0:0:0:1", "active", "gateway", "active", "gateway",
                "active"), seen);
        assertEquals(0, metrics.value(Counter.PROXY_HEADERS_BAD));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        // Version 1; SOCKS without a header; a version, a command and a family that do not exist; UDP; too short.
        "50524f58592054435034203139322e302e322e3130203132372e302e302e3120353030302039313530" + "0d0a",
        "0501000501000100000000000000000000",
        SIGNATURE + "3111000c" + "c000020a7f000001138823be",
        SIGNATURE + "2211000c" + "c000020a7f000001138823be",
        SIGNATURE + "2151000c" + "c000020a7f000001138823be",
        SIGNATURE + "2112000c" + "c000020a7f000001138823be",
        SIGNATURE + "21110004" + "c000020a"})
    void shouldCloseOnAHeaderThatIsNoneOfTheseWithoutAWord(String hex) {
        accept();
        client.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
        assertFalse(client.isOpen());
        assertEquals(0, client.outboundMessages().size());
        assertEquals(List.of(), seen);
        assertEquals(1, metrics.value(Counter.PROXY_HEADERS_BAD));
    }

    @Test
    void shouldNotWaitLongForAHeader() {
        accept();
        client.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(SIGNATURE)));
        client.advanceTimeBy(ProxyHeader.HEADER_SECONDS - 1, TimeUnit.SECONDS);
        client.runScheduledPendingTasks();
        assertTrue(client.isOpen());
        client.advanceTimeBy(1, TimeUnit.SECONDS);
        client.runScheduledPendingTasks();
        assertFalse(client.isOpen());
        assertEquals(1, metrics.value(Counter.PROXY_HEADERS_BAD));
    }

    @Test
    void shouldCloseWhenTheGatewayHasNoMoreToSay() {
        accept();
        client.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        assertFalse(client.isOpen());
        assertEquals(Optional.empty(), seen.stream().findFirst());
    }
}
