package org.qtop.engine.verify;

import org.qtop.engine.winding.Winding;

/**
 * Where a circuit's path stood after a record. Immutable.
 *
 * @param phase the last phase
 * @param winding whole turns
 * @param n bindings so far
 */
record PathState(long phase, long winding, long n) {

    /** Where the record says that the path is. */
    static PathState recorded(ReleaseRecord r) {
        return new PathState(r.phase(), r.winding(), r.n());
    }

    /** Where the path must be, one advance from here. */
    PathState after(long advance) {
        long to = phase + advance;
        return new PathState(to, Winding.after(winding, phase, to), n + 1);
    }

    /** Tells whether a record follows from here without a gap. */
    boolean leadsTo(ReleaseRecord r) {
        return r.from() == phase && r.n() == n + 1 && after(r.advance()).equals(recorded(r));
    }

    /** Spelled out: a record's own is spun by the JVM at its first call, and the first release would wait for that. */
    @Override
    public boolean equals(Object other) {
        return other instanceof PathState state && state.phase == phase && state.winding == winding && state.n == n;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(phase) * 31 + Long.hashCode(n);
    }
}
