package org.qtop.engine.timing;

/**
 * The distribution of holds on [min, max]: turns an advance into a hold. Immutable, thread-safe.
 *
 * <p>For an advance {@code a}, an unsigned 64-bit fraction {@code u = a / 2^64} of a turn, and a width of
 * {@code W = max - min} nanoseconds, with {@code w = W + 1} so that every whole nanosecond has its share:
 *
 * <pre>
 * uniform      min + floor(u w)
 * exponential  min + floor(-m ln(1 - u (1 - e^(-w / m))))    truncated, with mean m before truncation
 * </pre>
 *
 * <p>Both are exact, monotone, and reach both ends.
 */
public abstract sealed class HoldLaw permits UniformLaw, ExponentialLaw {

    /** The longest hold: 60 s. */
    public static final long LONGEST_NANOS = 60_000_000_000L;

    private final long minNanos;
    private final long maxNanos;

    HoldLaw(long minNanos, long maxNanos) {
        if (minNanos < 0 || maxNanos < minNanos || maxNanos > LONGEST_NANOS) {
            throw new IllegalArgumentException("holds from " + minNanos + " to " + maxNanos
                    + " ns: 0 to " + LONGEST_NANOS + ", the shortest first");
        }
        this.minNanos = minNanos;
        this.maxNanos = maxNanos;
    }

    /**
     * Makes the uniform law.
     *
     * @param minNanos shortest hold, 0 to {@link #LONGEST_NANOS}
     * @param maxNanos longest hold, {@code minNanos} to {@link #LONGEST_NANOS}; both 0 means no hold
     * @return the law
     * @throws IllegalArgumentException if the range is wrong
     */
    public static HoldLaw uniform(long minNanos, long maxNanos) {
        return new UniformLaw(minNanos, maxNanos);
    }

    /**
     * Makes the truncated exponential law.
     *
     * @param minNanos shortest hold, 0 to {@link #LONGEST_NANOS}
     * @param maxNanos longest hold, {@code minNanos} to {@link #LONGEST_NANOS}
     * @param meanNanos mean beyond {@code minNanos} that it would have if it were not truncated, 1 to 10 times
     *     {@link #LONGEST_NANOS}; so small a mean that no advance reaches {@code maxNanos} is refused (a mean of a
     *     twentieth of the width always does)
     * @return the law
     * @throws IllegalArgumentException if a value is out of range
     */
    public static HoldLaw exponential(long minNanos, long maxNanos, long meanNanos) {
        return new ExponentialLaw(minNanos, maxNanos, meanNanos);
    }

    /**
     * Reads a law's canonical text.
     *
     * @param text {@code uniform:MIN:MAX} or {@code exponential:MIN:MAX:MEAN}, in nanoseconds
     * @return the law
     * @throws IllegalArgumentException if it is not such a text, or a value is out of range
     */
    public static HoldLaw parse(String text) {
        String[] parts = text.split(":", -1);
        try {
            if (parts.length == 3 && parts[0].equals(UniformLaw.NAME)) {
                return uniform(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
            }
            if (parts.length == 4 && parts[0].equals(ExponentialLaw.NAME)) {
                return exponential(Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("hold law \"" + text + "\": not a number of nanoseconds", e);
        }
        throw new IllegalArgumentException(
                "hold law \"" + text + "\": uniform:MIN:MAX or exponential:MIN:MAX:MEAN, in nanoseconds");
    }

    /**
     * Turns an advance into a hold.
     *
     * @param advance an unsigned 64-bit fraction of one turn
     * @return the hold in nanoseconds, from {@link #minNanos} to {@link #maxNanos}; never falls when the advance rises
     */
    public abstract long quantile(long advance);

    /**
     * Gives the shortest hold.
     *
     * @return nanoseconds
     */
    public long minNanos() {
        return minNanos;
    }

    /**
     * Gives the longest hold.
     *
     * @return nanoseconds
     */
    public long maxNanos() {
        return maxNanos;
    }

    /**
     * Gives the law's canonical text, which {@link #parse} reads.
     *
     * @return for instance {@code uniform:100000:10000000}
     */
    @Override
    public abstract String toString();

    @Override
    public final boolean equals(Object other) {
        return other instanceof HoldLaw law && law.toString().equals(toString());
    }

    @Override
    public final int hashCode() {
        return toString().hashCode();
    }
}
