package org.qtop.engine.verify;

import java.util.EnumSet;
import java.util.Set;
import org.qtop.engine.phase.Phase;
import org.qtop.engine.winding.Winding;

/**
 * What the verifier remembers of one circuit. Confined to the verifier.
 *
 * <p>After a record with a violation it cannot know which of the record's fields is wrong. It goes on from what the
 * record says, and for one further record it also accepts the two other readings: that the record was right about its
 * advance only, and that the record should not have been there.
 */
final class CircuitState {

    private final long firstAdvance;
    private PathState last;
    private PathState advanced;
    private PathState before;

    private CircuitState(long firstAdvance, PathState last) {
        this.firstAdvance = firstAdvance;
        this.last = last;
    }

    /** Begins with a record that begins a path, or that is the first to be seen. */
    static CircuitState beginning(ReleaseRecord r) {
        CircuitState state = new CircuitState(r.advance(), PathState.recorded(r));
        state.advanced = new PathState(r.from(), 0, 0).after(r.advance());
        return state;
    }

    /** Tells whether this record is the one that this path began with, over again. */
    boolean repeatsFirst(ReleaseRecord r) {
        return r.advance() == firstAdvance;
    }

    /** Takes the next record; gives what is wrong with its place in the path. */
    Set<Violation> take(ReleaseRecord r) {
        for (PathState reading : new PathState[] {last, advanced, before}) {
            if (reading != null && reading.leadsTo(r)) {
                settle(PathState.recorded(r));
                return EnumSet.noneOf(Violation.class);
            }
        }
        Set<Violation> violations = EnumSet.noneOf(Violation.class);
        if (r.from() != last.phase()) {
            violations.add(Violation.PHASE_GAP);
        }
        if (r.n() != last.n() + 1) {
            violations.add(Violation.COUNT);
        }
        if (r.winding() != Winding.after(last.winding(), r.from(), r.phase())) {
            violations.add(Violation.WINDING);
        }
        before = last;
        advanced = last.after(r.advance());
        last = PathState.recorded(r);
        return violations;
    }

    /** Tells whether the path can have ended like this. */
    Set<Violation> end(long phase, long winding, long n) {
        PathState end = new PathState(phase, winding, n);
        Set<Violation> violations = EnumSet.noneOf(Violation.class);
        if (end.equals(last) || end.equals(advanced) || end.equals(before)) {
            return violations;
        }
        if (phase != last.phase()) {
            violations.add(Violation.PHASE_GAP);
        }
        if (n != last.n()) {
            violations.add(Violation.COUNT);
        }
        if (winding != last.winding()) {
            violations.add(Violation.WINDING);
        }
        return violations;
    }

    /** Tells whether a record's own phases agree with its advance. */
    static boolean holdsTogether(ReleaseRecord r) {
        return Phase.advance(r.from(), r.phase()) == r.advance();
    }

    private void settle(PathState state) {
        last = state;
        advanced = null;
        before = null;
    }
}
