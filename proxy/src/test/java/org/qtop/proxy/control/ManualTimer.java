package org.qtop.proxy.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A timer that moves only when told to. For tests. */
final class ManualTimer implements ControlTimer {

    private record Alarm(long atNanos, Runnable task) {
    }

    private final List<Alarm> alarms = new ArrayList<>();
    private long nowNanos;
    private boolean closed;

    ManualTimer(long nowNanos) {
        this.nowNanos = nowNanos;
    }

    @Override
    public synchronized long nanoTime() {
        return nowNanos;
    }

    @Override
    public synchronized Runnable after(long nanos, Runnable task) {
        Alarm alarm = new Alarm(nowNanos + nanos, task);
        if (!closed) {
            alarms.add(alarm);
        }
        return () -> cancel(alarm);
    }

    @Override
    public synchronized void close() {
        closed = true;
        alarms.clear();
    }

    /** How long until the next alarm; -1 if there is none. */
    synchronized long nextNanos() {
        return alarms.stream().mapToLong(alarm -> alarm.atNanos - nowNanos).min().orElse(-1);
    }

    /** Moves on, and runs what is due on the calling thread, in order. */
    void advance(long nanos) {
        long endNanos;
        synchronized (this) {
            endNanos = nowNanos + nanos;
        }
        while (true) {
            Alarm due;
            synchronized (this) {
                due = alarms.stream().filter(alarm -> alarm.atNanos - endNanos <= 0)
                        .min(Comparator.comparingLong(alarm -> alarm.atNanos - endNanos)).orElse(null);
                if (due == null) {
                    nowNanos = endNanos;
                    return;
                }
                alarms.remove(due);
                nowNanos = Math.max(0, due.atNanos - nowNanos) + nowNanos;
            }
            due.task.run();
        }
    }

    private synchronized void cancel(Alarm alarm) {
        alarms.remove(alarm);
    }
}
