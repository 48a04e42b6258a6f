package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** A signal and the main thread, in either order. */
class ShutdownTest {

    /** Often: what is looked for is an interrupt that comes after the wait is over. */
    @RepeatedTest(200)
    void shouldGoOnUninterruptedWhenItWaitedForTheSignal() throws Exception {
        Shutdown.run(shutdown -> {
            Thread signal = new Thread(shutdown::ask);
            signal.start();
            shutdown.await(0);
            signal.join();
            assertFalse(Thread.interrupted());
            return ExitCode.OK;
        });
    }

    @Test
    void shouldEndWellWhenASignalInterruptsTheStart() throws Exception {
        assertEquals(ExitCode.OK, Shutdown.run(shutdown -> {
            new Thread(shutdown::ask).start();
            new CountDownLatch(1).await();
            return ExitCode.INTERNAL;
        }));
    }

    @Test
    void shouldEndWellWhenASignalMakesTheStartFail() throws Exception {
        assertEquals(ExitCode.OK, Shutdown.run(shutdown -> {
            shutdown.ask();
            throw new Failure(ExitCode.TOR_START, "stopped");
        }));
        Thread.interrupted();
    }

    @Test
    void shouldPassAFailureOn() {
        assertThrows(Failure.class, () -> Shutdown.run(shutdown -> {
            throw new Failure(ExitCode.FILE, "a file");
        }));
    }
}
