package org.qtop.proxy.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and Ctrl-C into an orderly end with an exit code of ours.
 *
 * <p>The main thread works inside {@link #run}. A signal interrupts it, unless it waits for one in {@link #await}: then
 * it just goes on, not interrupted, so that it can let open streams finish. The virtual machine goes on living until
 * the main thread has put everything away, or until a time limit has passed.
 */
final class Shutdown {

    private static final long GRACE_SECONDS = 30;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread main = Thread.currentThread();
    private volatile long drainNanos;
    private volatile int code = ExitCode.OK.code();

    // Guarded by this.
    private boolean asked;
    private boolean awaiting;

    /** What the main thread does, ending early with {@link InterruptedException} when it is interrupted. */
    interface Work {
        ExitCode run(Shutdown shutdown) throws Failure, InterruptedException;
    }

    private Shutdown() {
    }

    /**
     * Does the work on this thread, ready for signals.
     *
     * @param work what to do
     * @return how it ended; a signal counts as a good end
     * @throws Failure as the work does
     */
    static ExitCode run(Work work) throws Failure {
        Shutdown shutdown = new Shutdown();
        Runtime.getRuntime().addShutdownHook(new Thread(shutdown::onExit, "qtop-shutdown"));
        ExitCode ended = ExitCode.INTERNAL;
        try {
            ended = work.run(shutdown);
        } catch (InterruptedException e) {
            ended = ExitCode.OK;
        } catch (Failure e) {
            boolean stopped = shutdown.asked();
            ended = stopped ? ExitCode.OK : e.exitCode();
            if (!stopped) {
                throw e;
            }
        } finally {
            shutdown.code = ended.code();
            shutdown.finished.countDown();
        }
        return ended;
    }

    private void onExit() {
        ask();
        if (finished.getCount() > 0) {
            try {
                if (finished.await(TimeUnit.SECONDS.toNanos(GRACE_SECONDS) + drainNanos, TimeUnit.NANOSECONDS)) {
                    Runtime.getRuntime().halt(code);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** An end is asked for. */
    synchronized void ask() {
        asked = true;
        if (awaiting) {
            notifyAll();
        } else if (finished.getCount() > 0) {
            main.interrupt();
        }
    }

    private synchronized boolean asked() {
        return asked;
    }

    /**
     * Waits until an end is asked for. To be called on the main thread, which is never interrupted afterwards.
     *
     * @param drain how much longer than usual the end may take, in nanoseconds
     */
    synchronized void await(long drain) {
        drainNanos = drain;
        awaiting = true;
        while (!asked) {
            try {
                wait();
            } catch (InterruptedException e) {
                // Only a signal interrupts this thread, and then an end was asked for.
            }
        }
        Thread.interrupted();
    }
}
