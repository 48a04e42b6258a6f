package org.qtop.proxy.intercept;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongPredicate;
import org.qtop.proxy.control.ControlReply;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.intercept.InterceptException.Kind;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamEvent.Status;

/**
 * Frees a Tor that leaves its streams to a controller which is not there: the option goes off, and every stream that
 * waits is attached. Harmless to a Tor that needs no help, but not to a controller that is at work, which {@link Guard}
 * tells apart.
 */
public final class Rescue {

    /** How long Tor may take to answer all of it: 10 s. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    static final String OPTION = "__LeaveStreamsUnattached";
    static final String OPTION_ON = "SETCONF " + OPTION + "=1";
    static final String OPTION_OFF = "SETCONF " + OPTION + "=0";
    static final String OPTION_ASKED = "GETCONF " + OPTION;

    private static final int NO_SUCH_STREAM = 552;

    private Rescue() {
    }

    /**
     * What was done. Immutable.
     *
     * @param wasOn whether Tor left its streams to a controller
     * @param attached streams that waited and are on their way now
     * @param underWay streams without a circuit that did not wait for a controller
     * @param gone streams that ended meanwhile, or that Tor gave up
     */
    public record Freed(boolean wasOn, int attached, int underWay, int gone) {

        /**
         * Says it to a person.
         *
         * @return one line
         */
        public String text() {
            String option = wasOn ? "Tor left its streams to a controller: no longer"
                    : "Tor attaches its streams itself";
            return option + "; " + (attached == 0 ? "no stream waited"
                    : attached + (attached == 1 ? " stream that waited is" : " streams that waited are")
                            + " on the way now") + (gone == 0 ? "" : ", " + gone + " had ended");
        }
    }

    /**
     * Frees Tor.
     *
     * @param control a connection to its control port; not to be called on its observer's thread
     * @return what was done
     * @throws InterceptException if Tor refused or did not answer
     * @throws InterruptedException if this thread is interrupted; the commands under way are not undone
     */
    public static Freed free(TorControl control) throws InterceptException, InterruptedException {
        return free(Steering.of(control), LIMIT, stream -> false);
    }

    /** The same as {@link #free(TorControl)}; streams that {@code sure} knows to be on their way are left alone. */
    static Freed free(Steering tor, Duration limit, LongPredicate sure)
            throws InterceptException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        CompletableFuture<ControlReply> before = tor.send(OPTION_ASKED);
        CompletableFuture<ControlReply> off = tor.send(OPTION_OFF);
        CompletableFuture<List<StreamEvent>> streams = tor.streams();
        boolean wasOn = isOn(await(before, end));
        allowed(await(off, end), OPTION_OFF);
        List<CompletableFuture<ControlReply>> asked = new ArrayList<>();
        for (StreamEvent stream : await(streams, end)) {
            if (mayWait(stream) && !sure.test(stream.streamId())) {
                asked.add(tor.send(attach(stream.streamId())));
            }
        }
        int attached = 0;
        int gone = 0;
        for (CompletableFuture<ControlReply> each : asked) {
            int code = await(each, end).code();
            attached += code / 100 == 2 ? 1 : 0;
            gone += code == NO_SUCH_STREAM || code == NO_SUCH_STREAM - 1 ? 1 : 0;
        }
        return new Freed(wasOn, attached, asked.size() - attached - gone, gone);
    }

    /** Tells whether a stream waits for a controller, or for a circuit, which look alike. */
    static boolean mayWait(StreamEvent stream) {
        return stream.circuitId() == 0 && (stream.status() == Status.NEW || stream.status() == Status.NEWRESOLVE);
    }

    /** The command that lets Tor choose a circuit for a stream. */
    static String attach(long stream) {
        return "ATTACHSTREAM " + stream + " 0";
    }

    /** Tells from the answer to {@link #OPTION_ASKED} whether the option is on. */
    static boolean isOn(ControlReply reply) {
        return reply.ok() && reply.text().equals(OPTION + "=1");
    }

    /** Tells a refusal. */
    static void allowed(ControlReply reply, String command) throws InterceptException {
        if (!reply.ok()) {
            throw forbidden(command, reply.code());
        }
    }

    static InterceptException forbidden(String command, int code) {
        return new InterceptException(Kind.FORBIDDEN, "Tor's control port answers " + code + " to " + command
                + (code == 510 ? ": a filter stands before it, which must be told to let the command pass"
                        : ": it does not let us steer streams"), null);
    }

    /** Waits for an answer until a time of the system's clock. */
    static <T> T await(CompletableFuture<T> answer, long endNanos) throws InterceptException, InterruptedException {
        try {
            return answer.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new InterceptException(Kind.LOST, String.valueOf(e.getCause().getMessage()), e.getCause());
        } catch (TimeoutException e) {
            throw new InterceptException(Kind.LOST, "Tor's control port does not answer", e);
        }
    }
}
