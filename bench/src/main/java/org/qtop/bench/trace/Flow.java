package org.qtop.bench.trace;

/**
 * One visit or connection, as each observer saw it. Immutable, thread-safe.
 *
 * @param id which of its run's flows, in the order in which they began, from 0
 * @param circuit flows of one number shared a circuit (or, for whole visits, a client's session): a split for training
 *     and testing never tears them apart
 * @param label which site was visited or which kind of traffic it was, from 0
 * @param startNanos when the user acted, on the run's clock: the truth that an attack on the time of an action is after
 * @param application what the application's side saw (view V0)
 * @param guard what passed between the client and its guard (view V1)
 * @param destination what the destinations saw (view V3); upstream still is from the client
 */
public record Flow(int id, int circuit, int label, long startNanos, Trace application, Trace guard,
        Trace destination) {
}
