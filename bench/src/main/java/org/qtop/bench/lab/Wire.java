package org.qtop.bench.lab;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One direction of a connection that takes its time: what is read from one channel is written to the other a while
 * later, in order. Confined to the event loop that both channels share.
 */
final class Wire extends ChannelInboundHandlerAdapter {

    /** More than a wire of this length holds at any speed seen here: what comes on top waits in the sender. */
    private static final long MOST_BYTES = 4 << 20;

    private record Late(long due, ByteBuf bytes) {
    }

    private final LongSupplier delayNanos;
    private final Queue<Late> queue = new ArrayDeque<>();
    private Channel from;
    private Channel to;
    private Wire back;
    private long lastDue = Long.MIN_VALUE;
    private long held;
    private boolean scheduled;
    private boolean over;

    /** A wire whose length in time is drawn for each chunk. */
    Wire(LongSupplier delayNanos) {
        this.delayNanos = delayNanos;
    }

    /** Joins the two directions of a connection. */
    static void join(Channel near, Wire up, Channel far, Wire down) {
        up.from = near;
        up.to = far;
        up.back = down;
        down.from = far;
        down.to = near;
        down.back = up;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        long due = System.nanoTime() + delayNanos.getAsLong();
        // One that overtakes is no wire.
        lastDue = lastDue == Long.MIN_VALUE || due - lastDue > 0 ? due : lastDue;
        held += bytes.readableBytes();
        queue.add(new Late(lastDue, bytes));
        if (held > MOST_BYTES) {
            from.config().setAutoRead(false);
        }
        schedule();
    }

    private void schedule() {
        Late head = queue.peek();
        if (head != null && !scheduled) {
            scheduled = true;
            to.eventLoop().schedule(() -> {
                scheduled = false;
                deliver();
            }, Math.max(0, head.due() - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private void deliver() {
        boolean wrote = false;
        while (!queue.isEmpty() && queue.peek().due() - System.nanoTime() <= 0 && to.isWritable()) {
            Late late = queue.remove();
            held -= late.bytes().readableBytes();
            to.write(late.bytes(), to.voidPromise());
            wrote = true;
        }
        if (wrote) {
            to.flush();
        }
        if (held <= MOST_BYTES / 2 && !from.config().isAutoRead()) {
            from.config().setAutoRead(true);
        }
        if (queue.isEmpty() && over) {
            to.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else if (to.isWritable() || !to.isActive()) {
            schedule();
        }
        if (!to.isActive()) {
            release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (back != null && context.channel().isWritable()) {
            back.deliver();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over = true;
        if (to == null) {
            return;
        }
        if (back != null) {
            back.release();
        }
        if (queue.isEmpty()) {
            to.close();
        } else {
            schedule();
        }
    }

    private void release() {
        queue.forEach(late -> late.bytes().release());
        queue.clear();
        held = 0;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
