package org.qtop.engine.verify;

import java.util.Objects;

/**
 * One released stream as the audit records it. Immutable.
 *
 * @param stream the stream's number
 * @param circuit Tor's number of the circuit, or 0 for the stand-in path
 * @param advance the advance that was drawn, an unsigned 64-bit fraction of one turn
 * @param holdNanos the planned hold in nanoseconds
 * @param latenessNanos actual less planned release in nanoseconds; below 0 is early
 * @param from the circuit's phase before
 * @param phase the circuit's phase after
 * @param winding the circuit's whole turns after
 * @param n the number of the binding on this path, 1 for the first
 * @param law the law in force, in its canonical text
 */
public record ReleaseRecord(long stream, long circuit, long advance, long holdNanos, long latenessNanos, long from,
        long phase, long winding, long n, String law) {

    /** Checks that there is a law. */
    public ReleaseRecord {
        Objects.requireNonNull(law, "law");
    }
}
