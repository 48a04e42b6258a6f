package org.qtop.bench.attack;

import java.util.SplittableRandom;

/**
 * A key that a destination writes into the times at which it answers: in each pair of intervals one, of the key's
 * choice, is left empty by holding its bytes back to the next interval (Y. Pyun, Y. Park, X. Wang, D. Reeves and P.
 * Ning, "Tracing Traffic through Intermediate Hosts that Repacketize Flows", INFOCOM 2007). Bytes per interval stay
 * what they are when Tor repacks them into cells. Immutable, thread-safe; reads no clock.
 *
 * <p>Time counts from when the flow's first upstream chunk reached the destination, for all its connections.
 */
public final class Watermark {

    /** Length of an interval, nanoseconds: well above the jitter of a path through Tor. */
    public static final long INTERVAL_NANOS = 200_000_000;
    /** How many pairs of intervals are marked; what comes later is not held. */
    public static final int PAIRS = 64;

    private final boolean[] emptySecond = new boolean[PAIRS];

    private Watermark(SplittableRandom random) {
        for (int pair = 0; pair < PAIRS; pair++) {
            emptySecond[pair] = random.nextBoolean();
        }
    }

    /**
     * The key of a flow.
     *
     * @param seed of all keys of a run
     * @param flow the flow's number
     * @return always the same for the same numbers
     */
    public static Watermark of(long seed, int flow) {
        return new Watermark(new SplittableRandom(new SplittableRandom(seed + flow).nextLong() ^ seed));
    }

    /**
     * When a chunk may leave the destination.
     *
     * @param readyNanos when it is ready to, nanoseconds since the flow's first upstream chunk came in, 0 or more
     * @return when it may, on the same clock: not before {@code readyNanos}, and at most two intervals later; never
     *     before an earlier chunk
     */
    public long release(long readyNanos) {
        long interval = readyNanos / INTERVAL_NANOS;
        long first = interval;
        while (isEmpty(interval)) {
            interval++;
        }
        return interval == first ? readyNanos : interval * INTERVAL_NANOS;
    }

    private boolean isEmpty(long interval) {
        return interval < 2 * PAIRS && emptySecond[(int) (interval / 2)] == (interval % 2 == 1);
    }

    /**
     * Which interval of a pair is the full one.
     *
     * @param pair from 0 to {@link #PAIRS} - 1
     * @return 1 for the first, -1 for the second
     */
    int sign(int pair) {
        return emptySecond[pair] ? 1 : -1;
    }
}
