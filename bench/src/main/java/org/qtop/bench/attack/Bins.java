package org.qtop.bench.attack;

import java.util.List;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

/**
 * Bytes of flows at one end, by direction and bin of time. Immutable by convention, thread-safe.
 *
 * <p>All flows are laid over each other as if they had begun at one moment, that of their first upstream chunk at the
 * guard: otherwise the clock alone would tell which ends belong together. Both ends of a flow keep their common clock,
 * as two observers with synchronised clocks would have it.
 *
 * @param upstream a row of bytes a bin for each flow
 * @param downstream the same of the other direction
 */
record Bins(float[][] upstream, float[][] downstream) {

    /** What the guard's end saw. */
    static Bins atGuard(List<Flow> flows, AttackSettings settings) {
        return of(flows, true, settings);
    }

    /** What the destination's end saw. */
    static Bins atDestination(List<Flow> flows, AttackSettings settings) {
        return of(flows, false, settings);
    }

    private static Bins of(List<Flow> flows, boolean guard, AttackSettings settings) {
        Bins bins = new Bins(new float[flows.size()][settings.bins()], new float[flows.size()][settings.bins()]);
        for (int i = 0; i < flows.size(); i++) {
            Flow flow = flows.get(i);
            bins.fill(i, guard ? flow.guard() : flow.destination(), origin(flow), settings);
        }
        return bins;
    }

    private void fill(int row, Trace trace, long origin, AttackSettings settings) {
        for (int k = 0; k < trace.size(); k++) {
            long since = trace.nanos(k) - origin;
            long bin = since / settings.binNanos();
            if (since >= 0 && bin < settings.bins()) {
                (trace.isUpstream(k) ? upstream : downstream)[row][(int) bin] += trace.bytes(k);
            }
        }
    }

    /** The moment from which a flow's time counts, the same for both of its ends. */
    static long origin(Flow flow) {
        Trace guard = flow.guard();
        for (int k = 0; k < guard.size(); k++) {
            if (guard.isUpstream(k)) {
                return guard.nanos(k);
            }
        }
        return flow.destination().size() > 0 ? flow.destination().nanos(0) : 0;
    }
}
