package org.qtop.proxy.control;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.qtop.proxy.control.ControlException.Kind;
import org.qtop.proxy.stream.CircuitEvent;
import org.qtop.proxy.stream.StreamEvent;

/**
 * Tor's control port, kept connected: events to an observer, commands with a time limit. Thread-safe.
 *
 * <p>A lost connection is noticed at once, told to the observer, and built anew after pauses that grow. Until it is
 * back every command fails at once with {@link ControlException.Kind#LOST}. No command is ever sent twice.
 */
public final class TorControl implements AutoCloseable {

    /** The longest line of {@link #send}; Tor's own limit for a command is far above. */
    private static final int MAX_COMMAND_CHARS = 65_536;

    /** How many commands of {@link #send} may be under way. Each holds about 300 bytes. */
    static final int MAX_UNDER_WAY = 32_768;

    private static final Duration MOST_GATHERING = Duration.ofSeconds(1);

    private final EventParser parser = new EventParser();
    private final SessionKeeper keeper;
    private final AtomicInteger underWay = new AtomicInteger();

    private TorControl(ControlSettings settings, ControlObserver observer, ControlTimer timer, DoubleSupplier random) {
        keeper = new SessionKeeper(settings, observer, parser, timer, random);
    }

    /**
     * Connects, logs in and subscribes to events.
     *
     * @param settings where and how
     * @param observer told of events from now on; its first calls may come before this returns
     * @return a connection that keeps itself alive until it is closed
     * @throws ControlException if the first attempt fails; nothing is left behind then
     */
    public static TorControl open(ControlSettings settings, ControlObserver observer) throws ControlException {
        return open(settings, observer, ControlTimer.system(), () -> ThreadLocalRandom.current().nextDouble());
    }

    /** The same with a clock, an alarm and chance handed in. */
    static TorControl open(ControlSettings settings, ControlObserver observer, ControlTimer timer,
            DoubleSupplier random) throws ControlException {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(observer, "observer");
        TorControl control = new TorControl(settings, observer, timer, random);
        boolean done = false;
        try {
            control.keeper.connect();
            done = true;
            return control;
        } finally {
            if (!done) {
                control.close();
            }
        }
    }

    /**
     * Tells whether Tor is there at this moment.
     *
     * @return true while a connection is logged in and subscribed
     */
    public boolean connected() {
        return keeper.trouble().isEmpty();
    }

    /**
     * Why there is no connection at this moment.
     *
     * @return one line for people, or empty while there is one
     */
    public Optional<String> trouble() {
        return keeper.trouble();
    }

    /**
     * Lets events wait for others, which spares a good part of the work that each one costs. What comes after a
     * silence, and whatever comes while a command waits for its reply, is still read at once.
     *
     * @param most how long, 0 (as at the start) to 1 s
     * @throws IllegalArgumentException naming a duration out of that range
     */
    public void gatherEvents(Duration most) {
        if (most.isNegative() || most.compareTo(MOST_GATHERING) > 0) {
            throw new IllegalArgumentException("events may wait from 0 to " + MOST_GATHERING + ", not " + most);
        }
        keeper.gather(most.toNanos());
    }

    /**
     * Which Tor answered last, and how it let us in.
     *
     * @return never null
     */
    public TorIdentity identity() {
        return keeper.identity();
    }

    /**
     * What was counted since the start.
     *
     * @return a snapshot
     */
    public ControlCounters counters() {
        return keeper.counters();
    }

    /**
     * GETINFO.
     *
     * @param key one key, without blanks
     * @return its value; lines are separated by line feeds
     * @throws ControlException if Tor refused, did not answer in time, or is not there
     * @throws IllegalArgumentException if the key holds anything but printable ASCII
     */
    public String getInfo(String key) throws ControlException {
        checkWord("key", key);
        String value = keeper.session().call("GETINFO " + key, tor -> tor.getInfo(key));
        if (value == null) {
            throw new ControlException(Kind.NOT_CONTROL, "Tor's reply to GETINFO " + key + " makes no sense");
        }
        return value;
    }

    /**
     * SETCONF of one option; what Tor is told so is forgotten when it ends or reads its configuration again.
     *
     * @param key the option
     * @param value its value, of one line
     * @throws ControlException if Tor refused, did not answer in time, or is not there
     * @throws IllegalArgumentException if the key is no word or the value has line ends or characters beyond Latin-1
     */
    public void setConf(String key, String value) throws ControlException {
        checkWord("key", key);
        checkLine("value", value);
        keeper.session().call("SETCONF " + key, tor -> {
            tor.setConf(key, value);
            return key;
        });
    }

    /**
     * RESETCONF of one option: back to Tor's default.
     *
     * @param key the option
     * @throws ControlException if Tor refused, did not answer in time, or is not there
     * @throws IllegalArgumentException if the key is no word
     */
    public void resetConf(String key) throws ControlException {
        checkWord("key", key);
        keeper.session().call("RESETCONF " + key, tor -> {
            tor.resetConf(List.of(key));
            return key;
        });
    }

    /**
     * SIGNAL.
     *
     * @param name such as {@code RELOAD}, {@code NEWNYM} or {@code SHUTDOWN}
     * @throws ControlException if Tor refused, did not answer in time, or is not there
     * @throws IllegalArgumentException if the name is no word
     */
    public void signal(String name) throws ControlException {
        checkWord("name", name);
        keeper.session().call("SIGNAL " + name, tor -> {
            tor.signal(name);
            return name;
        });
    }

    /**
     * TAKEOWNERSHIP: Tor ends when this connection does, even by kill -9. It belongs to the connection, so call it
     * again after each {@link ControlObserver#onConnected}.
     *
     * @throws ControlException if Tor refused, did not answer in time, or is not there
     */
    public void takeOwnership() throws ControlException {
        keeper.session().call("TAKEOWNERSHIP", tor -> {
            tor.takeOwnership();
            return tor;
        });
    }

    /**
     * DROPOWNERSHIP: undoes {@link #takeOwnership}.
     *
     * @throws ControlException if Tor refused, did not answer in time, or is not there
     */
    public void dropOwnership() throws ControlException {
        keeper.session().call("DROPOWNERSHIP", tor -> {
            tor.dropOwnership();
            return tor;
        });
    }

    /**
     * Where Tor takes SOCKS connections.
     *
     * @return addresses of the kinds {@link java.net.InetSocketAddress} and
     *     {@link java.net.UnixDomainSocketAddress}; others are left out
     * @throws ControlException if Tor refused, did not answer in time, or is not there
     */
    public List<SocketAddress> socksListeners() throws ControlException {
        return ListenerList.parse(getInfo("net/listeners/socks"));
    }

    /**
     * The streams that Tor has now, as events without a source. For catching up after
     * {@link ControlObserver#onConnected}; a stream that waits for a controller shows as NEW or NEWRESOLVE on circuit
     * 0.
     *
     * @return in Tor's order
     * @throws ControlException if Tor refused, did not answer in time, or is not there
     */
    public List<StreamEvent> streams() throws ControlException {
        return each(getInfo("stream-status"), parser::stream);
    }

    /**
     * The same as {@link #streams} without waiting: the answer comes on the observer's thread, behind every event that
     * Tor sent before it.
     *
     * @return in Tor's order; fails with a {@link ControlException}, also if Tor refused
     */
    public CompletableFuture<List<StreamEvent>> askStreams() {
        String key = "stream-status";
        return send("GETINFO " + key).thenCompose(reply -> {
            String value = reply.lines().isEmpty() ? "" : reply.lines().get(0);
            return reply.ok() && value.startsWith(key + '=')
                    ? CompletableFuture.completedFuture(each(value.substring(key.length() + 1), parser::stream))
                    : CompletableFuture.failedFuture(new ControlException(Kind.COMMAND_REFUSED, reply.code(),
                            "Tor refused GETINFO " + key + ": " + reply.code(), null));
        });
    }

    /**
     * The circuits that Tor has now, as events.
     *
     * @return in Tor's order
     * @throws ControlException if Tor refused, did not answer in time, or is not there
     */
    public List<CircuitEvent> circuits() throws ControlException {
        return each(getInfo("circuit-status"), parser::circuit);
    }

    /**
     * Sends any command of one line and waits for its reply.
     *
     * @param line such as {@code ATTACHSTREAM 12 0}, without its end
     * @return Tor's reply, refusals included: look at its code
     * @throws ControlException if Tor did not answer in time or is not there
     * @throws IllegalArgumentException if it is not one line of Latin-1, or begins with {@code +}
     */
    public ControlReply command(String line) throws ControlException {
        checkCommand(line);
        ControlSession session = keeper.session();
        CompletableFuture<ControlReply> answered = new CompletableFuture<>();
        session.send(line, answered);
        return session.await(answered);
    }

    /**
     * Sends any command of one line without waiting, behind those sent before. Never blocks; at most 32,768 may be
     * under way.
     *
     * <p>Replies come in the order of the commands. The future is completed on the observer's thread, in order with the
     * events around the reply. Not for commands that change what this connection is: SETEVENTS, AUTHENTICATE, QUIT.
     *
     * @param line such as {@code ATTACHSTREAM 12 0}, without its end
     * @return Tor's reply, refusals included; fails with a {@link ControlException} of the kind LOST, TIMED_OUT or
     *     OVERLOADED, and whether Tor acted is not known then
     * @throws IllegalArgumentException if it is not one line of Latin-1, or begins with {@code +}
     */
    public CompletableFuture<ControlReply> send(String line) {
        checkCommand(line);
        CompletableFuture<ControlReply> answered = new CompletableFuture<>();
        ControlSession session;
        try {
            session = keeper.session();
            // Counted until the future is completed, so that an observer that hangs cannot fill the memory.
            if (underWay.incrementAndGet() > MAX_UNDER_WAY) {
                underWay.decrementAndGet();
                throw new ControlException(Kind.OVERLOADED, MAX_UNDER_WAY
                        + " commands are under way already: send fewer at a time");
            }
        } catch (ControlException e) {
            answered.completeExceptionally(e);
            return answered;
        }
        CompletableFuture<ControlReply> arrived = new CompletableFuture<>();
        arrived.whenComplete((reply, failure) -> keeper.post(() -> {
            underWay.decrementAndGet();
            if (failure == null) {
                answered.complete(reply);
            } else {
                answered.completeExceptionally(failure);
            }
        }));
        session.send(line, arrived);
        return answered;
    }

    /** Ends the connection, every thread and every command under way. May be called again, and by the observer. */
    @Override
    public void close() {
        keeper.close();
    }

    private static <T> List<T> each(String lines, Function<String, Optional<T>> parse) {
        return lines.lines().filter(line -> !line.isBlank()).map(parse).flatMap(Optional::stream).toList();
    }

    private static void checkCommand(String line) {
        checkLine("command", line);
        if (line.isEmpty() || line.startsWith("+") || line.length() > MAX_COMMAND_CHARS) {
            throw new IllegalArgumentException("a command must have 1 to " + MAX_COMMAND_CHARS
                    + " characters and not begin with +");
        }
    }

    /** The value is not shown: it may be anything. */
    private static void checkLine(String name, String text) {
        if (text.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0 || c > 0xFF)) {
            throw new IllegalArgumentException(name + ": must be one line of Latin-1 characters");
        }
    }

    private static void checkWord(String name, String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c > '~' || c == '=' || c == '"')) {
            throw new IllegalArgumentException(name + ": must be one word of printable ASCII, without = and quotes");
        }
    }
}
