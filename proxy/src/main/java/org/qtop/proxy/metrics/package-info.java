/**
 * The list of named counters and distributions.
 *
 * <p>{@link org.qtop.proxy.metrics.Counter} names each thing that is counted, {@link org.qtop.proxy.metrics.Measure}
 * each thing whose distribution is kept, once; {@link org.qtop.proxy.metrics.Metrics} holds those of one running proxy.
 * The classes of the Prometheus client are not used here but in {@code status}, when somebody asks: they would cost the
 * start some tens of milliseconds, and every release a look-up. No static state: two proxies in one virtual
 * machine do not share counts.
 *
 * <p>Must never import another room.
 */
package org.qtop.proxy.metrics;
