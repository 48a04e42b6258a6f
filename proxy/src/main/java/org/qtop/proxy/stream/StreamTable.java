package org.qtop.proxy.stream;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;

/**
 * Finds out which Tor stream and circuit carry each of our streams.
 *
 * <p>The key is the address and port that we called Tor from: Tor's NEW event carries it as SOURCE_ADDR. After that
 * Tor's own number leads on. A stream may be tried on several circuits: the circuit of the last SENTCONNECT before
 * SUCCEEDED counts. Resolutions never succeed in so many words: there the circuit of the last SENTRESOLVE before CLOSED
 * counts. Tor's events and its SOCKS reply travel on different sockets and come in either order, so a stream that was
 * answered, or is gone, waits a bounded time for its events; then it is reported with what is known.
 *
 * <p>Every stream that is {@linkplain #opened opened} or {@linkplain #entered entered} is reported exactly once, or
 * told itself if its hold is to come after its identity; that one is {@linkplain #report reported} by its holder.
 * Thread-safe; the reports are made under
 * the table's lock, in the order in which the events came, and must not block.
 */
public final class StreamTable {

    /** How long a stream that was answered, or is gone, waits for its events: 5 s. */
    public static final long MATCH_WAIT_NANOS = 5_000_000_000L;

    private final Metrics metrics;
    private final Consumer<ProxyStream> identified;
    private final Map<InetSocketAddress, ProxyStream> bySource = new HashMap<>();
    private final Map<Long, ProxyStream> byTorStream = new HashMap<>();
    private final Set<ProxyStream> open = new LinkedHashSet<>();
    private final ArrayDeque<ProxyStream> waiting = new ArrayDeque<>();
    private boolean connected;

    /**
     * An empty table, without events until {@link #connected}.
     *
     * @param metrics where matches are counted
     * @param identified told of each stream once its identity is final
     */
    public StreamTable(Metrics metrics, Consumer<ProxyStream> identified) {
        this.metrics = metrics;
        this.identified = identified;
    }

    /** Events will come from now on. Streams opened before are not expected to be matched. */
    public synchronized void connected() {
        connected = true;
    }

    /**
     * No events come any more: what waits, and what entered by its number in Tor, is reported with what is known; what
     * is unanswered when it is answered.
     */
    public synchronized void disconnected() {
        connected = false;
        open.stream().filter(stream -> stream.entered).toList().forEach(this::finish);
        bySource.clear();
        byTorStream.clear();
        while (!waiting.isEmpty()) {
            finish(waiting.poll());
        }
    }

    /**
     * Enters a stream, just before its request goes to Tor.
     *
     * @param stream the stream
     * @param source the address and port that Tor sees as the client's, or null if Tor sees none
     */
    public synchronized void opened(ProxyStream stream, InetSocketAddress source) {
        open.add(stream);
        if (!connected || source == null) {
            finish(stream);
            return;
        }
        stream.source = source;
        ProxyStream before = bySource.put(source, stream);
        if (before != null) {
            finish(before);
        }
    }

    /**
     * Enters a stream that was held inside Tor, once Tor has let it go. Its events are the only word of it: it is
     * reported when it succeeds, fails or ends, or when events cease.
     *
     * @param stream the stream
     * @param torStream Tor's number of it, 1 or more
     * @param since the events that came between its release and Tor's word for it, in Tor's order
     */
    public synchronized void entered(ProxyStream stream, long torStream, List<StreamEvent> since) {
        open.add(stream);
        stream.entered = true;
        stream.torStream = torStream;
        ProxyStream before = byTorStream.put(torStream, stream);
        if (before != null) {
            finish(before);
        }
        since.forEach(this::onStream);
        if (!connected && !stream.identified) {
            finish(stream);
        }
    }

    /**
     * Tells whether a stream inside Tor is one of those that are still to be reported.
     *
     * @param torStream Tor's number of it
     * @return true from its NEW event, or from {@link #entered}, until it is reported
     */
    public synchronized boolean knows(long torStream) {
        return byTorStream.containsKey(torStream);
    }

    /**
     * Tor answered the stream's request, or its connection is gone: the missing events get a bounded time.
     *
     * @param stream the stream
     * @param nowNanos the current time of the clock that {@link #sweep} is given
     */
    public synchronized void answered(ProxyStream stream, long nowNanos) {
        if (stream.identified || stream.waiting) {
            return;
        }
        if (!connected) {
            finish(stream);
            return;
        }
        stream.waiting = true;
        stream.deadlineNanos = nowNanos + MATCH_WAIT_NANOS;
        waiting.add(stream);
    }

    /**
     * Gives up on the streams whose time is over. To be called about every second.
     *
     * @param nowNanos the current time, in nanoseconds of any origin
     */
    public synchronized void sweep(long nowNanos) {
        while (!waiting.isEmpty()) {
            ProxyStream first = waiting.peek();
            if (!first.identified && first.deadlineNanos - nowNanos > 0) {
                return;
            }
            finish(waiting.poll());
        }
    }

    /**
     * Takes in an event.
     *
     * @param event from Tor's control port, in Tor's order
     */
    public synchronized void onStream(StreamEvent event) {
        ProxyStream stream = switch (event.status()) {
            case NEW, NEWRESOLVE -> arrived(event);
            default -> byTorStream.get(event.streamId());
        };
        if (stream != null) {
            advance(stream, event);
        }
    }

    private ProxyStream arrived(StreamEvent event) {
        ProxyStream stream = event.source() == null ? null : bySource.remove(event.source());
        if (stream != null) {
            stream.torStream = event.streamId();
            byTorStream.put(event.streamId(), stream);
        }
        return stream;
    }

    private void advance(ProxyStream stream, StreamEvent event) {
        switch (event.status()) {
            case SENTCONNECT, SENTRESOLVE -> stream.circuit = event.circuitId();
            case SUCCEEDED -> {
                if (event.circuitId() != 0) {
                    stream.circuit = event.circuitId();
                }
                if (stream.kind() == Kind.CONNECT) {
                    finish(stream);
                }
            }
            case CLOSED, FAILED -> finish(stream);
            default -> { }
        }
    }

    private void finish(ProxyStream stream) {
        if (stream.source != null) {
            bySource.remove(stream.source, stream);
        }
        if (stream.torStream != 0) {
            byTorStream.remove(stream.torStream, stream);
        }
        if (open.remove(stream)) {
            stream.identified = true;
            metrics.count(stream.torStream == 0 ? Counter.STREAMS_UNMATCHED : Counter.STREAMS_MATCHED);
            if (stream.whenIdentified == null) {
                identified.accept(stream);
            } else {
                stream.whenIdentified.run();
            }
        }
    }

    /**
     * Makes a stream's identity final with what is known of it.
     *
     * @param stream which may be final already
     */
    public synchronized void settle(ProxyStream stream) {
        if (open.contains(stream)) {
            finish(stream);
        }
    }

    /**
     * Reports a stream whose hold came after its identity.
     *
     * @param stream identified and released
     */
    public synchronized void report(ProxyStream stream) {
        identified.accept(stream);
    }

    /**
     * How many streams are still to be reported.
     *
     * @return 0 or more
     */
    public synchronized int pending() {
        return open.size();
    }

    /** Reports every stream that is still open here with what is known. For the end of a run. */
    public synchronized void close() {
        connected = false;
        List.copyOf(open).forEach(this::finish);
        waiting.clear();
    }
}
