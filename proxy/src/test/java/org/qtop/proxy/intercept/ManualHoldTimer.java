package org.qtop.proxy.intercept;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A clock that stands until it is moved. For tests; confined to one thread. */
final class ManualHoldTimer implements HoldTimer {

    private record Task(long atNanos, Runnable work) {
    }

    private final List<Task> tasks = new ArrayList<>();
    private long nowNanos = Long.MAX_VALUE - 5;
    boolean closed;

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public void after(long nanos, Runnable task) {
        tasks.add(new Task(nowNanos + nanos, task));
    }

    int tasks() {
        return tasks.size();
    }

    void advance(long nanos) {
        long end = nowNanos + nanos;
        while (true) {
            Task next = tasks.stream().filter(task -> task.atNanos - end <= 0)
                    .min(Comparator.comparingLong(task -> task.atNanos - nowNanos)).orElse(null);
            if (next == null) {
                nowNanos = end;
                return;
            }
            tasks.remove(next);
            nowNanos = next.atNanos - nowNanos > 0 ? next.atNanos : nowNanos;
            next.work.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        tasks.clear();
    }
}
