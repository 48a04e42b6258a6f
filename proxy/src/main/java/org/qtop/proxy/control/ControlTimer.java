package org.qtop.proxy.control;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The clock and the alarm of this room in one, so that what measures and what wakes cannot disagree. Thread-safe. */
interface ControlTimer extends AutoCloseable {

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
     * @param task must neither block nor throw
     * @return call it to have the task not run, if it has not begun
     */
    Runnable after(long nanos, Runnable task);

    /** Forgets every task and ends. */
    @Override
    void close();

    /**
     * A timer on the system's clock with one daemon thread.
     *
     * @return a new timer
     */
    static ControlTimer system() {
        ScheduledThreadPoolExecutor alarm = new ScheduledThreadPoolExecutor(1,
                DaemonThreads.named("qtop-control-timer"));
        alarm.setRemoveOnCancelPolicy(true);
        alarm.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return new ControlTimer() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public Runnable after(long nanos, Runnable task) {
                try {
                    ScheduledFuture<?> future = alarm.schedule(task, nanos, TimeUnit.NANOSECONDS);
                    return () -> future.cancel(false);
                } catch (RejectedExecutionException e) {
                    // Closed: nobody waits for it any more.
                    return () -> { };
                }
            }

            @Override
            public void close() {
                alarm.shutdownNow();
            }
        };
    }
}
