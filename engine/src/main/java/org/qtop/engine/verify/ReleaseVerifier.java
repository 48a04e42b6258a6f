package org.qtop.engine.verify;

import java.util.EnumSet;
import java.util.HashMap;
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
 * path of one entry moved to an unused circuit; a changed stream number; a lateness changed to another that is not
 * early; a law changed so little that the hold is its quantile still; an advance, hold, phase and all that follows made
 * up together.
 */
public final class ReleaseVerifier {

    /** Circuits remembered unless told otherwise: twice what the engine keeps, as records come later than bindings. */
    public static final int DEFAULT_MAX_CIRCUITS = 200_000;

    private static final int MAX_LAWS = 64;

    private final int maxCircuits;
    /** The least recently checked first. */
    private final Map<Long, CircuitState> circuits = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, LawCheck> laws = new HashMap<>();
    private boolean mayJoin;
    private long joined;
    private long releases;
    private long violations;

    /** Makes one that sees every record from the first on. */
    public ReleaseVerifier() {
        this(DEFAULT_MAX_CIRCUITS, false);
    }

    /**
     * Makes one.
     *
     * @param maxCircuits circuits to remember, 1 or more; beyond it the one not heard of for longest is forgotten
     * @param midway true if the first record seen of a circuit need not be its first: for a ring that has lost its
     *     oldest entries. It comes true by itself once a circuit had to be forgotten
     * @throws IllegalArgumentException if the number is out of range
     */
    public ReleaseVerifier(int maxCircuits, boolean midway) {
        if (maxCircuits < 1) {
            throw new IllegalArgumentException("circuits to remember " + maxCircuits + ": 1 or more");
        }
        this.maxCircuits = maxCircuits;
        this.mayJoin = midway;
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
        LawCheck law = law(r.law());
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

    private LawCheck law(String text) {
        LawCheck known = laws.get(text);
        if (known != null) {
            return known;
        }
        if (laws.size() == MAX_LAWS) {
            laws.clear();
        }
        LawCheck read = LawCheck.of(text);
        if (read != null) {
            laws.put(text, read);
        }
        return read;
    }

    private Set<Violation> place(ReleaseRecord r) {
        CircuitState state = circuits.get(r.circuit());
        if (state != null && r.n() == 1 && state.repeatsFirst(r)) {
            return EnumSet.of(Violation.REPEATED);
        }
        // A first record that goes on just where the path stood is not a new path: its number was changed.
        if (state != null && (r.n() != 1 || state.standsAt(r.from()))) {
            return state.take(r);
        }
        Set<Violation> found = EnumSet.noneOf(Violation.class);
        if (r.n() == 1) {
            if (r.winding() != Phase.wraps(r.from(), r.phase())) {
                found.add(Violation.WINDING);
            }
        } else if (mayJoin && r.n() > 1) {
            joined++;
        } else {
            found.add(Violation.COUNT);
        }
        remember(r);
        return found;
    }

    private void remember(ReleaseRecord r) {
        circuits.put(r.circuit(), CircuitState.beginning(r));
        if (circuits.size() > maxCircuits) {
            circuits.remove(circuits.keySet().iterator().next());
            mayJoin = true;
        }
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
        } else if (n != 0 && !mayJoin) {
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
     * Counts the circuits whose first record seen was not their first, and so could not be checked for its place.
     *
     * @return 0 or more
     */
    public synchronized long joined() {
        return joined;
    }

    /**
     * Counts the records, and the ends of paths, with at least one violation.
     *
     * @return 0 or more
     */
    public synchronized long violations() {
        return violations;
    }
}
