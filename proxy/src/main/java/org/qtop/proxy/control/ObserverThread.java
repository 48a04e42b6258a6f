package org.qtop.proxy.control;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which an observer is called, and the queue in front of it. Events may be dropped when the queue is
 * full; everything else always finds room, being bounded where it comes from. Thread-safe.
 */
final class ObserverThread implements AutoCloseable {

    /** How many things may wait before events are dropped: at 10,000 events a second, a stall of 6 s. */
    static final int MAX_EVENTS = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(ObserverThread.class);
    private static final long JOIN_MILLIS = 2000;

    private final Object lock = new Object();
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Thread thread;
    private boolean closed;
    private boolean dropping;

    ObserverThread() {
        thread = DaemonThreads.named("qtop-control-events").newThread(this::run);
        thread.start();
    }

    /**
     * Hands an event on, if there is room.
     *
     * @param task tells the observer
     * @return false if it was dropped
     */
    boolean offer(Runnable task) {
        boolean first;
        synchronized (lock) {
            if (closed) {
                return false;
            }
            if (queue.size() < MAX_EVENTS) {
                dropping = false;
                add(task);
                return true;
            }
            first = !dropping;
            dropping = true;
        }
        dropped.increment();
        if (first) {
            LOG.warn("Tor's events come faster than they are dealt with: {} wait, further ones are dropped",
                    MAX_EVENTS);
        }
        return false;
    }

    /**
     * Hands on what must not be dropped. After the end it runs on the calling thread.
     *
     * @param task must be bounded in number by whoever calls
     */
    void post(Runnable task) {
        synchronized (lock) {
            if (!closed) {
                add(task);
                return;
            }
        }
        guarded(task);
    }

    /** How many events were dropped. */
    long droppedCount() {
        return dropped.sum();
    }

    /** How many tasks threw. */
    long failureCount() {
        return failures.sum();
    }

    /** Ends the thread when it has done what waits, and waits for that for at most 2 s. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(JOIN_MILLIS);
            if (thread.isAlive()) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void add(Runnable task) {
        queue.add(task);
        if (queue.size() == 1) {
            lock.notifyAll();
        }
    }

    private void run() {
        while (true) {
            Runnable task;
            synchronized (lock) {
                while (queue.isEmpty()) {
                    if (closed) {
                        return;
                    }
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        // Only close() interrupts, for the sake of an observer that hangs.
                        closed = true;
                    }
                }
                task = queue.remove();
            }
            guarded(task);
        }
    }

    /** An observer's fault is not the connection's. Its message is not logged: it may hold what must stay private. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            failures.increment();
            LOG.warn("an observer of Tor's control port threw {}", e.getClass().getName());
            LOG.debug("where it threw", e);
        }
    }
}
