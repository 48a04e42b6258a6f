package org.qtop.proxy.intercept;

import java.util.List;
import java.util.PriorityQueue;
import org.qtop.proxy.intercept.TorStream.State;

/**
 * Whose turn it is: held streams in the order of their times, which are later than planned while another controller may
 * go first. Confined to its book.
 *
 * <p>Two ATTACHSTREAMs to one stream make Tor begin it again and lose what the client said first. So of two controllers
 * the one that came second leaves each stream to the other until well after its own time. What the other does not want
 * even then shows that it is gone.
 */
final class Turns {

    /** How long past its time a stream is left to another controller, to begin with: 1 s. */
    static final long FIRST_PATIENCE_NANOS = 1_000_000_000L;
    /** The longest that it is left: 2 min, Tor's SocksTimeout. */
    static final long MOST_PATIENCE_NANOS = 120_000_000_000L;

    private final PriorityQueue<TorStream> due =
            new PriorityQueue<>((a, b) -> Long.signum(a.dueNanos - b.dueNanos));
    /** Whether another controller was there before us. */
    private boolean second;
    /** Whether it still is, as far as we know. */
    private boolean others;
    private long patienceNanos;

    /**
     * Begins anew.
     *
     * @param notFirst whether another controller is there already, or was left behind
     */
    void begin(boolean notFirst) {
        second = notFirst;
        others = notFirst;
        patienceNanos = FIRST_PATIENCE_NANOS;
    }

    /** Whether another controller goes first. */
    boolean othersFirst() {
        return others;
    }

    /** Takes in a stream that is held; says when it is due. */
    long add(TorStream stream) {
        stream.dueNanos = stream.plannedNanos + (others ? patienceNanos : 0);
        due.add(stream);
        return stream.dueNanos;
    }

    /** The held stream that is due first, or null. Streams that are not held any more are forgotten. */
    TorStream first() {
        while (!due.isEmpty() && due.peek().state != State.HELD) {
            due.poll();
        }
        return due.peek();
    }

    /** Takes out the first stream, which is due: nobody else wanted it, so nobody else is there. */
    void takeFirst() {
        due.poll();
        leaveToOthers(false);
    }

    /** Another controller attached a stream after it had waited for so long. */
    void taken(long waitedNanos) {
        if (second) {
            patienceNanos = Math.min(MOST_PATIENCE_NANOS, Math.max(patienceNanos, 2 * waitedNanos));
            leaveToOthers(true);
        }
    }

    private void leaveToOthers(boolean whether) {
        if (others != whether) {
            others = whether;
            clear().forEach(this::add);
        }
    }

    /** Gives up all streams that are held. */
    List<TorStream> clear() {
        List<TorStream> all = due.stream().filter(stream -> stream.state == State.HELD).toList();
        due.clear();
        return all;
    }
}
