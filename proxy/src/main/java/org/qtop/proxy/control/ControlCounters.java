package org.qtop.proxy.control;

/**
 * What the control room counted since {@link TorControl#open}. Immutable; all counts start at 0 and only grow.
 *
 * @param connections connections that were let in, the first one included
 * @param failedAttempts attempts to come back that failed
 * @param events events told to the observer or queued for it
 * @param eventsUnusable event lines that could not be understood
 * @param eventsDropped events that found the observer's queue full
 * @param observerFailures exceptions that the observer threw
 * @param repliesUnasked replies that no command waited for
 */
public record ControlCounters(long connections, long failedAttempts, long events, long eventsUnusable,
        long eventsDropped, long observerFailures, long repliesUnasked) {
}
