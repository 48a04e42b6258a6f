package org.qtop.engine.verify;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.qtop.engine.phase.Phase;

/**
 * Checks release records one after another. Thread-safe.
 *
 * <p>The records of one circuit must come in the order in which they were bound. A record with {@code n} of 1 begins a
 * path afresh, as after Tor restarts or the engine dropped the path. After a violation it goes on from what the record
 * says, so that one altered entry gives one record with violations wherever possible.
 *
 * <p>It cannot see: the last entries of a path left out, unless {@link #closed(long, long, long, long)} tells how the
 * path ended; a circuit left out altogether; entries of different circuits in another order, which has no meaning; a
 * changed stream number; a lateness changed to another that is not early; an advance, hold and path made up together.
 */
public final class ReleaseVerifier {

    private final Map<Long, CircuitState> circuits = new LinkedHashMap<>();
    private final Map<String, LawCheck> laws = new LinkedHashMap<>();
    private long releases;
    private long violations;

    /** Makes one that has seen nothing. */
    public ReleaseVerifier() {
        // Empty maps are the state.
    }

    /**
     * Checks the next record.
     *
     * @param r the record
     * @return what is wrong with it; empty if nothing
     */
    public synchronized Set<Violation> check(ReleaseRecord r) {
        Set<Violation> found = EnumSet.noneOf(Violation.class);
        if (r.latenessNanos() < 0) {
            found.add(Violation.EARLY);
        }
        LawCheck law = laws.computeIfAbsent(r.law(), LawCheck::of);
        if (law == null) {
            found.add(Violation.LAW_UNKNOWN);
        } else if (!law.accepts(r.advance(), r.holdNanos())) {
            found.add(Violation.HOLD_NOT_QUANTILE);
        }
        if (!CircuitState.holdsTogether(r)) {
            found.add(Violation.PHASE_IDENTITY);
        }
        found.addAll(place(r));
        releases++;
        violations += found.isEmpty() ? 0 : 1;
        return found;
    }

    private Set<Violation> place(ReleaseRecord r) {
        CircuitState state = circuits.get(r.circuit());
        if (r.n() == 1 && state != null && state.repeatsFirst(r)) {
            return EnumSet.of(Violation.REPEATED);
        }
        if (r.n() != 1 && state != null) {
            return state.take(r);
        }
        Set<Violation> found = EnumSet.noneOf(Violation.class);
        if (r.n() != 1) {
            found.add(Violation.COUNT);
        } else if (r.winding() != Phase.wraps(r.from(), r.phase())) {
            found.add(Violation.WINDING);
        }
        circuits.put(r.circuit(), CircuitState.beginning(r));
        return found;
    }

    /**
     * Forgets a circuit that is over.
     *
     * @param circuit Tor's number of the circuit
     */
    public synchronized void closed(long circuit) {
        circuits.remove(circuit);
    }

    /**
     * Checks how a circuit's path ended, and forgets it.
     *
     * @param circuit Tor's number of the circuit
     * @param phase the path's last phase
     * @param winding its whole turns
     * @param n its bindings
     * @return what does not agree with the records; empty if nothing, or if none was seen and there was none
     */
    public synchronized Set<Violation> closed(long circuit, long phase, long winding, long n) {
        CircuitState state = circuits.remove(circuit);
        Set<Violation> found = EnumSet.noneOf(Violation.class);
        if (state != null) {
            found.addAll(state.end(phase, winding, n));
        } else if (n != 0) {
            found.add(Violation.COUNT);
        }
        violations += found.isEmpty() ? 0 : 1;
        return found;
    }

    /**
     * Counts the records checked.
     *
     * @return 0 or more
     */
    public synchronized long releases() {
        return releases;
    }

    /**
     * Counts the circuits that are remembered now.
     *
     * @return 0 or more
     */
    public synchronized long circuits() {
        return circuits.size();
    }

    /**
     * Counts the records with at least one violation.
     *
     * @return 0 or more
     */
    public synchronized long violations() {
        return violations;
    }
}
