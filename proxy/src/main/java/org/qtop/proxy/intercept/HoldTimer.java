package org.qtop.proxy.intercept;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The clock and the alarm of this room in one, so that what measures and what wakes cannot disagree. Thread-safe. */
interface HoldTimer extends AutoCloseable {

    /**
     * The time now.
     *
     * @return nanoseconds of arbitrary origin, possibly negative; compare by subtraction
     */
    long nanoTime();

    /**
     * Runs a short task once.
     *
     * @param nanos from now; 0 or less means at once
     * @param task must not block; what it throws is lost
     */
    void after(long nanos, Runnable task);

    /** Forgets every task and ends. */
    @Override
    void close();

    /**
     * A timer on the system's clock with one daemon thread, whatever the number of tasks.
     *
     * @return a new timer
     */
    static HoldTimer system() {
        ScheduledThreadPoolExecutor alarm = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "qtop-intercept-timer");
            thread.setDaemon(true);
            return thread;
        });
        alarm.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return new HoldTimer() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void after(long nanos, Runnable task) {
                if (!alarm.isShutdown()) {
                    alarm.schedule(task, nanos, TimeUnit.NANOSECONDS);
                }
            }

            @Override
            public void close() {
                alarm.shutdownNow();
            }
        };
    }
}
