package org.qtop.proxy.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and Ctrl-C into an orderly end with an exit code of ours.
 *
 * <p>The main thread works inside {@link #run}; a signal interrupts it, and the virtual machine goes on living until
 * it has put everything away, or until a time limit has passed.
 */
final class Shutdown {

    private static final long GRACE_SECONDS = 30;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread main = Thread.currentThread();
    private volatile long drainNanos;
    private volatile int code = ExitCode.OK.code();

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
            boolean stopped = shutdown.asked.getCount() == 0;
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
        asked.countDown();
        if (finished.getCount() > 0) {
            main.interrupt();
            try {
                if (finished.await(TimeUnit.SECONDS.toNanos(GRACE_SECONDS) + drainNanos, TimeUnit.NANOSECONDS)) {
                    Runtime.getRuntime().halt(code);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Waits until an end is asked for.
     *
     * @param drain how much longer than usual the end may take, in nanoseconds
     */
    void await(long drain) {
        drainNanos = drain;
        try {
            asked.await();
        } catch (InterruptedException e) {
            // The signal itself: what follows is the orderly end.
        }
        Thread.interrupted();
    }
}
