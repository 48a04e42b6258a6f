/**
 * The statistics that attacks are judged by: numbers in, numbers and intervals out.
 *
 * <p>All of it is deterministic: draws come from a seed that is handed in, also where two processors share the work.
 *
 * <p>Must never import another room, nor another package of this one.
 */
package org.qtop.bench.attack.statistics;
