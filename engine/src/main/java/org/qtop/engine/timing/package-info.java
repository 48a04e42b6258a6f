/**
 * The per-stream rule: a seed becomes an advance, an advance becomes a hold, and a circuit's path takes the advance.
 *
 * <p>Imports {@code seed}, {@code phase} and {@code winding}. Must never read a clock or wait: a hold is a number of
 * nanoseconds, and waiting it out is the host's business.
 *
 * <h2>Decisions</h2>
 *
 * <p><b>Planning and binding are apart.</b> At the default hold point the circuit is not known when the hold is
 * chosen, so the advance comes first and is bound to a circuit's path when the events tell which it was.
 *
 * <p><b>p_0 comes from the circuit's number</b>, through the same mixer as the advance. A seed would do as well and
 * would cost one for each circuit; 0 would start every circuit of the live page in one point. It hides nothing and
 * needs to hide nothing: the phase after the first uniform advance is uniform wherever it began, and holds depend on
 * advances only. The same seeds and events then always give the same paths.
 *
 * <p><b>A quantile is exact</b>: the largest whole nanosecond that the real-valued quantile reaches. What is exact is
 * also monotone, is the same on every JVM, and can be checked for equality by the verifier.
 *
 * <p><b>One lock, flat arrays.</b> A path is bound once a stream, so one lock held for some tens of nanoseconds is
 * enough for any number of event loops, and makes "least recently bound goes first" exact. A map of boxed circuit
 * numbers would allocate at every binding.
 */
package org.qtop.engine.timing;
