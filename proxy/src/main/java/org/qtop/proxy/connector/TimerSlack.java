package org.qtop.proxy.connector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How late the kernel may let a thread's timers go off, to save wake-ups: 50 us for a thread that says nothing
 * (prctl(2), PR_SET_TIMERSLACK). Thread-safe.
 */
final class TimerSlack {

    /** The least that a thread can ask for; 0 stands for the default. */
    private static final String LEAST_NANOS = "1";
    private static final Logger LOG = LoggerFactory.getLogger(TimerSlack.class);

    private TimerSlack() {
    }

    /** Lets the timers of the calling thread go off at their time, where the kernel can be asked for that. */
    static void end() {
        try {
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
            // proc(5): a thread may always set its own.
            Files.writeString(Path.of("/proc").resolve(thread).resolve("timerslack_ns"), LEAST_NANOS);
        } catch (IOException e) {
            LOG.debug("timers may be 50 us late: {}", e.toString());
        }
    }
}
