package org.qtop.proxy.status;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.CharsetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends the state to every page that looks, once a second, computed once for all; and does nothing while nobody looks.
 * Confined to one event loop. Source: HTML Standard, "Server-sent events".
 */
final class EventStream {

    /** How many pages may look at once. */
    static final int MOST = 16;
    /** How often the state is sent. */
    static final long PERIOD_MILLIS = 1_000;

    private final EventExecutor loop;
    private final Supplier<byte[]> state;
    private final Set<Channel> pages = new LinkedHashSet<>();
    private ScheduledFuture<?> timer;

    EventStream(EventExecutor loop, Supplier<byte[]> state) {
        this.loop = loop;
        this.state = state;
    }

    boolean hasRoom() {
        return pages.size() < MOST;
    }

    /** Sends the state to a page now and from now on; the head of the response is written already. */
    void add(Channel page) {
        pages.add(page);
        page.closeFuture().addListener(closed -> remove(page));
        ByteBuf event = event(state.get());
        page.writeAndFlush(new DefaultHttpContent(event));
        if (timer == null) {
            timer = loop.scheduleAtFixedRate(this::send, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void remove(Channel page) {
        pages.remove(page);
        if (pages.isEmpty() && timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** A page that does not read what it was sent is left out until it has. */
    private void send() {
        ByteBuf event = event(state.get());
        for (Channel page : pages) {
            if (page.isWritable()) {
                page.writeAndFlush(new DefaultHttpContent(event.retainedDuplicate()));
            }
        }
        event.release();
    }

    private static ByteBuf event(byte[] json) {
        return Unpooled.wrappedBuffer("data: ".getBytes(CharsetUtil.US_ASCII), json,
                "\n\n".getBytes(CharsetUtil.US_ASCII));
    }
}
