package org.qtop.engine.verify;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.qtop.engine.phase.Phase;
import org.qtop.engine.winding.Winding;

/**
 * What the verifier remembers of one circuit. Confined to the verifier.
 *
 * <p>After a record with a violation it cannot know which of the record's fields is wrong. It goes on from what the
 * record says, and for one further record it also accepts the other readings: that the record should not have been
 * there, that it was right about its advance only, and that it began a path.
 */
final class CircuitState {

    private final long firstAdvance;
    private PathState last;
    private List<PathState> otherReadings = List.of();

    private CircuitState(long firstAdvance, PathState last) {
        this.firstAdvance = firstAdvance;
        this.last = last;
    }

    /** Begins with a record that begins a path, or that is the first to be seen. */
    static CircuitState beginning(ReleaseRecord r) {
        CircuitState state = new CircuitState(r.advance(), PathState.recorded(r));
        PathState begun = begun(r);
        if (!begun.equals(state.last)) {
            state.otherReadings = List.of(begun);
        }
        return state;
    }

    private static PathState begun(ReleaseRecord r) {
        return new PathState(r.from(), 0, 0).after(r.advance());
    }

    /** Tells whether this record is the one that this path began with, over again. */
    boolean repeatsFirst(ReleaseRecord r) {
        return r.advance() == firstAdvance;
    }

    /** Tells whether the path stands at this phase. */
    boolean standsAt(long phase) {
        return last.phase() == phase;
    }

    /** Takes the next record; gives what is wrong with its place in the path. */
    Set<Violation> take(ReleaseRecord r) {
        if (last.leadsTo(r) || otherReadings.stream().anyMatch(reading -> reading.leadsTo(r))) {
            last = PathState.recorded(r);
            otherReadings = List.of();
            return Set.of();
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
        otherReadings = List.of(last, last.after(r.advance()), begun(r));
        last = PathState.recorded(r);
        return violations;
    }

    /** Tells whether the path can have ended like this. */
    Set<Violation> end(long phase, long winding, long n) {
        PathState end = new PathState(phase, winding, n);
        Set<Violation> violations = EnumSet.noneOf(Violation.class);
        if (end.equals(last) || otherReadings.contains(end)) {
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
}
