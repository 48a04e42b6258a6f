package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Measure;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.relay.RelayHandler;
import org.qtop.proxy.stream.ProxyStream;

/**
 * The end of a hold: the request goes to Tor, and the two channels are joined. Confined to one event loop.
 *
 * @param shared what all connections share
 * @param client the client channel, with its {@link SocksFront}
 * @param tor the Tor channel, with its {@link TorHandshake}
 */
record Release(FrontContext shared, Channel client, Channel tor) {

    /**
     * Sends the request and all that came with it or since.
     *
     * @param stream what is released
     * @param said what the client said
     * @param connect the request in HTTP that goes to Tor as SOCKS5, or null
     */
    void of(ProxyStream stream, Conversation said, HttpConnect connect) {
        shared.metrics().count(Counter.STREAMS_RELEASED);
        shared.table().opened(stream, tor.localAddress() instanceof InetSocketAddress local ? local : null);
        expectReply(said);
        if (connect != null) {
            tor.pipeline().addFirst(new HttpAnswer(shared.http().version(), answered(stream, () -> { })));
            join(Unpooled.wrappedBuffer(connect.asSocks(shared.http()), said.takeBehindRequest()));
        } else if (said.framer().version() != ClientFramer.SOCKS5 && said.hasLate()) {
            inTwo(stream, said);
        } else {
            watch(said.framer().version(), answered(stream, () -> { }), () -> { });
            join(said.takeUnsent());
        }
    }

    /**
     * Sends the request and all that came with it, for a stream that is held inside Tor.
     *
     * @param said what the client said
     * @param connect the request in HTTP that goes to Tor as SOCKS5, or null
     */
    void pass(Conversation said, HttpConnect connect) {
        expectReply(said);
        if (connect != null) {
            tor.pipeline().addFirst(new HttpAnswer(shared.http().version(), () -> { }));
            join(Unpooled.wrappedBuffer(connect.asSocks(shared.http()), said.takeBehindRequest()));
        } else {
            join(said.takeUnsent());
        }
    }

    /**
     * Sends the request, and holds Tor's reply and what the client said behind its request.
     *
     * @param said what the client said
     * @param connect the request in HTTP that goes to Tor as SOCKS5, or null
     */
    void toReply(Conversation said, HttpConnect connect) {
        expectReply(said);
        HeldReply reply = new HeldReply(shared, client, said.framer().kind());
        ByteBuf early = said.takeEarly();
        tor.pipeline().addFirst(reply);
        if (connect != null) {
            tor.pipeline().addFirst(new HttpAnswer(shared.http().version(), reply::answered));
            said.drop();
            join(connect.asSocks(shared.http()));
        } else {
            watch(said.framer().version(), reply::answered, () -> { });
            join(said.takeUnsent());
        }
        reply.keep(early);
    }

    private void expectReply(Conversation said) {
        ReplyFamily.expect(client, said.framer().version(), said.framer().kind(), () -> TorNames.takes(said.request()));
    }

    /** What came after a request of SOCKS4 or HTTP must not reach Tor before it has read the request. */
    private void inTwo(ProxyStream stream, Conversation said) {
        ByteBuf late = said.takeLate();
        LateData gate = new LateData(client);
        // What Tor has not asked for when it ends, it may have all the same, for the channel's own end waits behind it.
        watch(said.framer().version(), answered(stream, gate::release), gate::release);
        join(said.takeUnsent());
        tor.pipeline().addLast(gate);
        tor.writeAndFlush(late, tor.voidPromise());
    }

    private void watch(int version, Runnable answered, Runnable unanswered) {
        tor.pipeline().addFirst(new ReplyWatch(new ReplyFramer(version), answered, unanswered));
    }

    /** What is to be done once Tor has answered, or is gone. */
    private Runnable answered(ProxyStream stream, Runnable more) {
        long releasedNanos = nowNanos();
        Runnable over = () -> {
            shared.table().answered(stream, nowNanos());
            more.run();
        };
        tor.closeFuture().addListener(closed -> over.run());
        return () -> {
            shared.metrics().record(Measure.SETUP, nowNanos() - releasedNanos);
            over.run();
        };
    }

    private long nowNanos() {
        return tor.eventLoop().ticker().nanoTime();
    }

    /**
     * Joins the two channels.
     *
     * @param waiting what the client said that Tor has not got, handed over
     */
    void join(ByteBuf waiting) {
        Metrics metrics = shared.metrics();
        tor.pipeline().replace(TorHandshake.class, null, RelayHandler.ofTor(client, metrics, shared.bulkLoops()));
        client.pipeline().replace(SocksFront.class, null, RelayHandler.ofClient(tor, metrics, shared.bulkLoops()));
        tor.writeAndFlush(waiting, tor.voidPromise());
        client.config().setAutoRead(tor.isWritable());
        tor.config().setAutoRead(client.isWritable());
    }
}
