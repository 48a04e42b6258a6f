/**
 * The list of named counters.
 *
 * <p>{@link org.qtop.proxy.metrics.Counter} names each thing that is counted, once; {@link
 * org.qtop.proxy.metrics.Metrics} holds the counts of one running proxy. No static state: two proxies in one virtual
 * machine do not share counts.
 *
 * <p>Must never import another room.
 */
package org.qtop.proxy.metrics;
