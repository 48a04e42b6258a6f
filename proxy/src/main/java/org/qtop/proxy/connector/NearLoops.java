package org.qtop.proxy.connector;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * Event loops of which a new channel gets the one that asks, so that a connection stays with the thread that accepted
 * it: handed each to the next of two loops, half of the set-ups had to wake a second thread, and the median was a fifth
 * longer (scripts/bench --only setup). Where another has fewer channels by more than {@link #SLACK}, or where none of
 * them asks, it gets the one with the fewest. What a loop is to do after each turn is given to all. Thread-safe.
 */
final class NearLoops extends MultiThreadIoEventLoopGroup {

    /** So many channels more than another the loop that asks may have: those of eight streams. */
    static final int SLACK = 16;

    private final Loop[] loops;

    /**
     * Starts no thread yet.
     *
     * @param number how many loops, 1 or more
     * @param threads where their threads come from
     * @param factory of what they wait with
     * @param afterEvents done by a loop each time that it has dealt with what its channels had for it
     */
    NearLoops(int number, ThreadFactory threads, IoHandlerFactory factory, Runnable afterEvents) {
        super(number, threads, factory, afterEvents);
        loops = new Loop[number];
        int at = 0;
        for (var loop : this) {
            loops[at++] = (Loop) loop;
        }
    }

    /** One loop, which tells how many channels it has. */
    private static final class Loop extends SingleThreadIoEventLoop {

        private final Runnable afterEvents;

        Loop(NearLoops all, Executor executor, IoHandlerFactory factory, Runnable afterEvents) {
            super(all, executor, factory);
            this.afterEvents = afterEvents;
        }

        @Override
        protected int runIo() {
            int events = super.runIo();
            if (events > 0) {
                afterEvents.run();
            }
            return events;
        }

        int channels() {
            return getNumOfRegisteredChannels();
        }
    }

    @Override
    protected IoEventLoop newChild(Executor executor, IoHandlerFactory factory, Object... more) {
        return new Loop(this, executor, factory, (Runnable) more[0]);
    }

    @Override
    public IoEventLoop next() {
        Loop fewest = loops[0];
        Loop here = null;
        for (Loop loop : loops) {
            if (loop.channels() < fewest.channels()) {
                fewest = loop;
            }
            if (loop.inEventLoop()) {
                here = loop;
            }
        }
        return here != null && here.channels() - fewest.channels() <= SLACK ? here : fewest;
    }
}
