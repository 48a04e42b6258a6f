package org.qtop.proxy.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import net.freehaven.tor.control.RawEventListener;
import net.freehaven.tor.control.TorControlConnection;
import net.freehaven.tor.control.TorControlError;
import org.qtop.proxy.control.ControlException.Kind;

/** One connection to the control port, logged in, with jtorctl on it; from its birth to its end. Thread-safe. */
final class ControlSession implements AutoCloseable {

    /** What a session needs of its owner. */
    interface Owner {

        /** The clock and alarm. */
        ControlTimer timer();

        /** Runs what may block. */
        ExecutorService workers();

        /** Counts replies that no command waited for. */
        LongAdder unasked();

        /** How long events may wait for others before they are read, in nanoseconds. */
        long gatherNanos();

        /**
         * The session is over. Called once for each that was begun.
         *
         * @param session which
         * @param why the reason
         */
        void ended(ControlSession session, ControlException why);
    }

    /**
     * One call of jtorctl.
     *
     * @param <T> what it gives
     */
    interface Call<T> {

        /**
         * Makes the call.
         *
         * @param connection jtorctl's side
         * @return what it gives
         * @throws IOException as jtorctl throws it
         */
        T on(TorControlConnection connection) throws IOException;
    }

    private final ControlSettings settings;
    private final Owner owner;
    private final ControlWire wire;
    private final Login.Result login;
    private final ReentrantLock calls = new ReentrantLock();
    private volatile TorControlConnection connection;

    /**
     * Takes a connected channel over and logs in on it.
     *
     * @param channel in blocking mode; closed at the session's end, but not if this fails
     * @param settings how to log in
     * @param owner told of the end
     * @throws ControlException naming what the login lacks
     * @throws IOException if the connection broke
     */
    ControlSession(SocketChannel channel, ControlSettings settings, Owner owner) throws ControlException, IOException {
        this.settings = settings;
        this.owner = owner;
        this.wire = new ControlWire(channel, settings, owner.timer(), owner.unasked(), owner::gatherNanos,
                why -> owner.ended(this, why));
        this.login = new Login(wire, settings).run();
    }

    /**
     * Begins to read, write and report events.
     *
     * @param listener called on the reading thread with each event's keyword and data; must neither block nor throw
     */
    void begin(RawEventListener listener) {
        connection = new TorControlConnection(new JtorctlReader(wire), new JtorctlWriter(wire));
        connection.addRawEventListener(listener);
        Thread reader = connection.launchThread(true);
        reader.setName("qtop-control-reader");
        reader.setUncaughtExceptionHandler((thread, e) -> wire.readerEnded());
        execute(wire::runWriter);
    }

    /**
     * Asks Tor which process it is. What it will not say stays unknown.
     *
     * @return who answers
     * @throws ControlException if the connection ended
     */
    TorIdentity identify() throws ControlException {
        long pid = number("process/pid");
        long uptime = number("uptime");
        return new TorIdentity(login.version(), login.method(), pid, uptime, owner.timer().nanoTime());
    }

    /**
     * Subscribes to events.
     *
     * @param events their names
     * @param whenSubscribed runs on the reading thread, before any event
     * @param whenBootstrap runs on the reading thread, before later events, with the value of
     *     {@code status/bootstrap-phase} if Tor tells it
     * @throws ControlException if Tor refused or the connection ended
     */
    void subscribe(String events, Runnable whenSubscribed, Consumer<String> whenBootstrap) throws ControlException {
        CompletableFuture<ControlReply> subscribed = new CompletableFuture<>();
        CompletableFuture<ControlReply> handled = subscribed.whenComplete((reply, failure) -> {
            if (failure == null && reply.ok()) {
                whenSubscribed.run();
            }
        });
        wire.send("SETEVENTS " + events, subscribed);
        String key = "status/bootstrap-phase";
        CompletableFuture<ControlReply> phase = new CompletableFuture<>();
        phase.thenAccept(reply -> {
            if (reply.ok() && reply.lines().get(0).startsWith(key + '=')) {
                whenBootstrap.accept(reply.lines().get(0).substring(key.length() + 1));
            }
        });
        wire.send("GETINFO " + key, phase);
        ControlReply reply = await(handled);
        if (!reply.ok()) {
            throw refused("SETEVENTS", reply);
        }
    }

    /**
     * Sends one line; see {@link ControlWire#send}.
     *
     * @param line without its end
     * @param future gets the reply, on the reading thread
     */
    void send(String line, CompletableFuture<ControlReply> future) {
        wire.send(line, future);
    }

    /**
     * Waits for a reply.
     *
     * @param future what {@link #send} was given
     * @return the reply, whatever its code
     * @throws ControlException if there was none
     */
    ControlReply await(CompletableFuture<ControlReply> future) throws ControlException {
        return await(future, () -> { });
    }

    /**
     * Makes one call of jtorctl, one at a time, on a thread of its own.
     *
     * @param name the command, for messages
     * @param call what to do
     * @param <T> what it gives
     * @return what it gave
     * @throws ControlException if Tor refused, did not answer in time, or the connection ended
     */
    <T> T call(String name, Call<T> call) throws ControlException {
        CompletableFuture<T> done = new CompletableFuture<>();
        Future<?> running = execute(() -> {
            try {
                done.complete(onWorker(name, call));
            } catch (ControlException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return await(done, () -> running.cancel(true));
    }

    /**
     * Why the session ended.
     *
     * @return null while it has not
     */
    ControlException failure() {
        return wire.failure();
    }

    /** Ends the session. */
    @Override
    public void close() {
        wire.fail(new ControlException(Kind.LOST, "the control connection was closed"));
        if (connection == null) {
            wire.readerEnded();
        }
    }

    private <T> T onWorker(String name, Call<T> call) throws ControlException {
        calls.lock();
        try {
            return call.on(connection);
        } catch (TorControlError e) {
            ControlException failure = wire.failure();
            ControlReply reply = wire.lastForJtorctl();
            throw failure != null || reply == null ? lost(failure, e) : refused(name, reply);
        } catch (IOException e) {
            throw lost(wire.failure(), e);
        } catch (RuntimeException e) {
            throw new ControlException(Kind.NOT_CONTROL, "Tor's reply to " + name + " makes no sense", e);
        } finally {
            calls.unlock();
        }
    }

    /** The wire keeps the time limit of each command; this is the last resort when jtorctl itself hangs. */
    private <T> T await(CompletableFuture<T> future, Runnable giveUp) throws ControlException {
        try {
            return future.get(settings.commandLimit().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            giveUp.run();
            ControlException late = new ControlException(Kind.TIMED_OUT, "Tor did not answer a command within "
                    + settings.commandLimit().toMillis() + " ms: the control connection is built anew");
            wire.fail(late);
            throw late;
        } catch (InterruptedException e) {
            giveUp.run();
            Thread.currentThread().interrupt();
            throw new ControlException(Kind.LOST, "interrupted while waiting for Tor's reply", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof CompletionException ? e.getCause().getCause() : e.getCause();
            if (cause instanceof ControlException known) {
                throw new ControlException(known.kind(), known.code(), known.getMessage(), known);
            }
            throw new ControlException(Kind.LOST, "the control connection failed", cause);
        }
    }

    private Future<?> execute(Runnable task) {
        try {
            return owner.workers().submit(task);
        } catch (RejectedExecutionException e) {
            wire.fail(new ControlException(Kind.LOST, "the control connection was closed"));
            return CompletableFuture.completedFuture(null);
        }
    }

    private long number(String key) throws ControlException {
        try {
            String value = call("GETINFO " + key, tor -> tor.getInfo(key));
            return value == null ? -1 : Long.parseLong(value.trim());
        } catch (NumberFormatException e) {
            return -1;
        } catch (ControlException e) {
            if (e.kind() == Kind.COMMAND_REFUSED || e.kind() == Kind.NOT_CONTROL) {
                return -1;
            }
            throw e;
        }
    }

    private static ControlException refused(String name, ControlReply reply) {
        return new ControlException(Kind.COMMAND_REFUSED, reply.code(), "Tor refused " + name + ": " + reply.code()
                + ' ' + printable(reply.text()), null);
    }

    private static ControlException lost(ControlException failure, IOException e) {
        return failure != null ? new ControlException(failure.kind(), failure.getMessage(), failure)
                : new ControlException(Kind.LOST, "the control connection broke: " + e.getMessage(), e);
    }

    /**
     * Makes another's words fit for one line of a log.
     *
     * @param text what Tor said
     * @return at most 200 printable characters
     */
    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().limit(200).forEach(c -> out.append(c < ' ' || c > '~' ? '?' : (char) c));
        return out.toString();
    }
}
