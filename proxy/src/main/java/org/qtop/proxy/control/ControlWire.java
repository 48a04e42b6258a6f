package org.qtop.proxy.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.qtop.proxy.control.ControlException.Kind;

/**
 * One connection to the control port: commands out in order, each reply to whoever sent the command it answers.
 *
 * <p>Two kinds of senders share it. Ours, by {@link #send}, may have many commands under way. jtorctl has a
 * {@link JtorctlReader} and a {@link JtorctlWriter} and thinks them the socket; what it reads is well-formed, holds one
 * reply for each of its commands even when the connection breaks (its waiters would else wait for ever), and then ends
 * cleanly.
 *
 * <p>The thread that reads for jtorctl is what moves replies; {@link #runWriter} is to be run by another.
 * Futures of {@link #send} are completed on the reading thread, or on the one that calls {@link #fail}. Thread-safe but
 * for {@link #exchange}, which is for the login, before the other threads are there.
 */
final class ControlWire {

    /** How many commands may wait for their replies. Each holds about 200 bytes. */
    static final int MAX_WAITING = 65_536;

    /** What jtorctl reads for a command whose reply will not come. */
    private static final String NO_REPLY = "551 Connection lost\r\n";

    /** One command under way; {@code future} is null for jtorctl's. */
    private record Waiting(CompletableFuture<ControlReply> future, long deadlineNanos) {
    }

    private final Object lock = new Object();
    private final SocketChannel channel;
    private final ReplyReader replies;
    private final ControlTimer timer;
    private final long limitNanos;
    private final String limitText;
    private final LongAdder unasked;
    private final Consumer<ControlException> whenEnded;
    private final AtomicBoolean ended = new AtomicBoolean();

    // Guarded by lock.
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private ByteArrayOutputStream outgoing = new ByteArrayOutputStream(1024);
    private ControlException failure;
    private boolean watched;
    private Runnable cancelWatch = () -> { };

    private volatile ControlReply lastForJtorctl;

    /**
     * Takes a connected channel over.
     *
     * @param channel in blocking mode; closed by {@link #fail}
     * @param settings for the time limit of each reply
     * @param timer watches the time limit
     * @param unasked counts replies that no command waited for
     * @param gatherNanos how long events may wait for others before they are read, 0 for not at all
     * @param whenEnded told why, once, after everything that came before has been handed on
     */
    ControlWire(SocketChannel channel, ControlSettings settings, ControlTimer timer, LongAdder unasked,
            LongSupplier gatherNanos, Consumer<ControlException> whenEnded) {
        this.channel = channel;
        this.replies = new ReplyReader(new Gathering(new QuickAck(channel),
                () -> idle() ? gatherNanos.getAsLong() : 0, LockSupport::parkNanos));
        this.timer = timer;
        this.limitNanos = settings.commandLimit().toNanos();
        this.limitText = settings.commandLimit().toMillis() + " ms";
        this.unasked = unasked;
        this.whenEnded = whenEnded;
    }

    /**
     * Sends one command of the login and waits for its reply, without a time limit of its own: whoever calls closes the
     * channel when the time is over.
     *
     * @param line the command without its end
     * @return the reply; null if the other side closed the connection instead
     * @throws IOException if the connection broke, or what came is no reply
     */
    ControlReply exchange(String line) throws IOException {
        writeFully(ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
        ReplyReader.Whole whole;
        do {
            whole = replies.next();
        } while (whole != null && whole.event());
        return whole == null ? null : whole.reply();
    }

    /**
     * Sends one command behind all that were sent before, without waiting for anything.
     *
     * @param line the command without its end
     * @param future gets Tor's reply, whatever its code; fails with a {@link ControlException} of the kind LOST,
     *     TIMED_OUT or OVERLOADED. Handed in, so that what depends on it is surely there before the reply.
     */
    void send(String line, CompletableFuture<ControlReply> future) {
        try {
            enqueue(line + "\r\n", future);
        } catch (ControlException e) {
            future.completeExceptionally(e);
        }
    }

    /**
     * Sends one command of jtorctl.
     *
     * @param text with its line end
     * @throws ControlException if the connection has ended, or too much waits
     */
    void sendForJtorctl(String text) throws ControlException {
        enqueue(text, null);
    }

    /**
     * Waits for what jtorctl is to read next, and hands on everything else that comes before. For one thread, which
     * moves all replies.
     *
     * @return a whole reply or event, or null at the end
     */
    String nextForJtorctl() {
        if (failure() != null) {
            return rest();
        }
        try {
            while (true) {
                ReplyReader.Whole whole = replies.next();
                if (whole == null) {
                    fail(new ControlException(Kind.LOST, "Tor closed the control connection"));
                    return rest();
                }
                if (whole.event() ? readableEvent(whole) : answer(whole.reply())) {
                    return whole.raw();
                }
            }
        } catch (IOException e) {
            fail(lost(e));
            return rest();
        }
    }

    /**
     * The last reply that jtorctl was given, whose code it does not tell.
     *
     * @return the reply, or null if there was none
     */
    ControlReply lastForJtorctl() {
        return lastForJtorctl;
    }

    /**
     * Why the connection ended.
     *
     * @return null while it has not
     */
    ControlException failure() {
        synchronized (lock) {
            return failure;
        }
    }

    /** Writes commands until the connection ends. Everything that is ready goes out in one write. */
    void runWriter() {
        ByteArrayOutputStream spare = new ByteArrayOutputStream(1024);
        try {
            while (true) {
                ByteArrayOutputStream full;
                synchronized (lock) {
                    while (failure == null && outgoing.size() == 0) {
                        lock.wait();
                    }
                    if (failure != null) {
                        return;
                    }
                    full = outgoing;
                    outgoing = spare;
                }
                writeFully(ByteBuffer.wrap(full.toByteArray()));
                full.reset();
                spare = full;
            }
        } catch (IOException e) {
            fail(lost(e));
        } catch (InterruptedException e) {
            fail(new ControlException(Kind.LOST, "the control connection was closed"));
        }
    }

    /**
     * Ends the connection: fails every command of ours that waits, and wakes the reader, which does the rest.
     *
     * @param why told to those who wait; only the first call counts
     */
    void fail(ControlException why) {
        List<Waiting> abandoned = new ArrayList<>();
        synchronized (lock) {
            if (failure != null) {
                return;
            }
            failure = why;
            cancelWatch.run();
            for (int i = waiting.size(); i > 0; i--) {
                Waiting command = waiting.remove();
                (command.future == null ? waiting : abandoned).add(command);
            }
            lock.notifyAll();
        }
        closeChannel();
        abandoned.forEach(command -> command.future.completeExceptionally(why));
    }

    /** Says that nobody reads any more, so that the end is told even if the reading thread never ran or died. */
    void readerEnded() {
        fail(new ControlException(Kind.LOST, "the reader of the control connection ended"));
        if (ended.compareAndSet(false, true)) {
            whenEnded.accept(failure());
        }
    }

    private void enqueue(String text, CompletableFuture<ControlReply> future) throws ControlException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        synchronized (lock) {
            if (failure != null) {
                throw new ControlException(failure.kind(), failure.getMessage(), failure);
            }
            if (waiting.size() >= MAX_WAITING) {
                throw new ControlException(Kind.OVERLOADED, MAX_WAITING
                        + " commands wait for Tor's reply already: send fewer at a time");
            }
            waiting.add(new Waiting(future, timer.nanoTime() + limitNanos));
            outgoing.write(bytes, 0, bytes.length);
            lock.notifyAll();
            if (!watched) {
                watched = true;
                cancelWatch = timer.after(limitNanos, this::watch);
            }
        }
    }

    /** Runs when the oldest command's time may be over. One alarm at a time, however many commands there are. */
    private void watch() {
        synchronized (lock) {
            watched = false;
            if (failure != null || waiting.isEmpty()) {
                return;
            }
            long leftNanos = waiting.peek().deadlineNanos - timer.nanoTime();
            if (leftNanos > 0) {
                watched = true;
                cancelWatch = timer.after(leftNanos, this::watch);
                return;
            }
        }
        fail(new ControlException(Kind.TIMED_OUT, "Tor did not answer a command within " + limitText
                + ": the control connection is built anew"));
    }

    /** Whether no command waits for its reply. */
    private boolean idle() {
        synchronized (lock) {
            return waiting.isEmpty();
        }
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is left to do with it either way.
        }
    }

    private static ControlException lost(IOException e) {
        return new ControlException(Kind.LOST, "the control connection broke: " + e.getMessage(), e);
    }

    /** Only events of one line with a keyword and data: any other ends jtorctl's reader, and we ask for no other. */
    private static boolean readableEvent(ReplyReader.Whole whole) {
        List<String> lines = whole.reply().lines();
        return lines.size() == 1 && lines.get(0).indexOf(' ') > 0 && lines.get(0).indexOf('\n') < 0;
    }

    /** Gives a reply to the command that waits longest; true if that is jtorctl's. */
    private boolean answer(ControlReply reply) {
        Waiting command;
        synchronized (lock) {
            command = failure == null ? waiting.poll() : null;
        }
        if (command == null) {
            unasked.increment();
            return false;
        }
        if (command.future == null) {
            lastForJtorctl = reply;
            return true;
        }
        command.future.complete(reply);
        return false;
    }

    /** What is left for jtorctl when the connection has ended: a refusal for each command that waits, then nothing. */
    private String rest() {
        int unanswered;
        synchronized (lock) {
            unanswered = waiting.size();
            waiting.clear();
        }
        if (unanswered > 0) {
            return NO_REPLY.repeat(unanswered);
        }
        readerEnded();
        return null;
    }
}
