package org.qtop.proxy.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.connector.Transport;
import org.qtop.proxy.relay.HoldEnd;

/** Can this machine hold streams as planned? Stateless. */
final class MachineChecks {

    static final String TIMER = "timer";
    static final String FILES = "open-files";

    private static final int TRIES = 100;
    private static final long HOLD_NANOS = 1_000_000;
    private static final long MUCH_NANOS = 5_000_000;
    private static final long MICRO = 1_000;
    /** A stream has a client channel and a Tor channel. */
    private static final long FILES_A_STREAM = 2;
    private static final long FILES_BESIDES = 200;

    private MachineChecks() {
    }

    /** Plans a hundred holds of one millisecond on an event loop and looks how late they are. */
    static Finding timer() {
        try (Transport transport = Transport.start(1)) {
            EventLoop loop = transport.loops().next();
            long[] late = new long[TRIES];
            for (int i = 0; i < TRIES; i++) {
                CompletableFuture<Long> ended = new CompletableFuture<>();
                loop.execute(() -> HoldEnd.begin(loop, HOLD_NANOS, ended::complete));
                late[i] = ended.get();
            }
            return timer(late, transport.name());
        } catch (ExecutionException e) {
            return Finding.failed(TIMER, "Timers fail: " + e.getCause(), "Start qtop on another machine.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.skipped(TIMER, "Interrupted.");
        }
    }

    private static String late(long nanos) {
        return nanos == 0 ? "less than 1 us" : Values.time(nanos);
    }

    static Finding timer(long[] late, String transport) {
        long[] sorted = late.clone();
        Arrays.sort(sorted);
        long half = sorted[sorted.length / 2] / MICRO * MICRO;
        long nearlyAll = sorted[Math.max(0, sorted.length * 99 / 100 - 1)] / MICRO * MICRO;
        String seen = "Holds of " + Values.time(HOLD_NANOS) + " end " + late(half) + " late (half of them), "
                + late(nearlyAll) + " (99 %), on " + transport;
        if (half > MUCH_NANOS) {
            return Finding.failed(TIMER, seen + ": much later than planned.",
                    "Give this machine less to do; on a virtual machine, more of its processor.");
        }
        return nearlyAll > MUCH_NANOS ? Finding.warning(TIMER, seen + ": sometimes much later than planned.",
                "Give this machine less to do.") : Finding.ok(TIMER, seen + ".");
    }

    static Finding files(int maxStreams) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? files(maxStreams, system.getMaxFileDescriptorCount())
                : Finding.skipped(FILES, "This system does not tell its limit of open files.");
    }

    static Finding files(int maxStreams, long limit) {
        long needed = FILES_A_STREAM * maxStreams + FILES_BESIDES;
        return limit >= needed ? Finding.ok(FILES, limit + " open files are allowed; " + maxStreams + " streams need "
                + needed + ".") : Finding.warning(FILES, limit + " open files are allowed, but " + maxStreams
                + " streams need " + needed + ".", "Raise the limit (ulimit -n " + needed + ", or LimitNOFILE=" + needed
                + " in the unit), or give --max-streams " + Math.max(1, (limit - FILES_BESIDES) / FILES_A_STREAM)
                + ".");
    }
}
