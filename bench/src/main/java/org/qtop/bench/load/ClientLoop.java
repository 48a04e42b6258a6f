package org.qtop.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One event loop of clients. Thread-safe. */
final class ClientLoop implements AutoCloseable {

    /** So much is read at once where the server sends much. */
    private static final int READ_BYTES = 64 << 10;

    private final Loops loops = new Loops("client", 1);
    private final Bootstrap template;

    ClientLoop() {
        template = loops.client()
                // Closing resets: a run that opens thousands of streams a second would use up the ports otherwise.
                .option(ChannelOption.SO_LINGER, 0)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 2048, READ_BYTES));
    }

    /**
     * Opens a stream.
     *
     * @param target what to ask for, and through whom
     * @param port one of its ports
     * @param opened told on the loop when the server has granted the stream
     * @param failed told on the loop, once, if it could not be had
     */
    void open(Target target, int port, Consumer<Channel> opened, Consumer<Channel> failed) {
        template.clone().handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new SocksOpening(target.connect(port), opened, failed));
            }
        }).connect(target.proxy()).addListener((ChannelFutureListener) connected -> {
            if (!connected.isSuccess()) {
                failed.accept(connected.channel());
            }
        });
    }

    /** Runs a task on the loop. */
    void execute(Runnable task) {
        loops.group().execute(task);
    }

    /** Runs a task on the loop when this time, of {@link System#nanoTime}, has come. */
    void at(long nanoTime, Runnable task) {
        loops.group().schedule(task, nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** Waits for a latch, for so many seconds at most. */
    static void await(CountDownLatch latch, long seconds, String what) throws LoadException {
        try {
            if (!latch.await(seconds, TimeUnit.SECONDS)) {
                throw new LoadException(what + " took longer than " + seconds + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted: " + what);
        }
    }

    @Override
    public void close() {
        loops.close();
    }
}
