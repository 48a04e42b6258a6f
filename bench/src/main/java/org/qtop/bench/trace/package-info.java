/**
 * What an observer has seen: times, directions and numbers of bytes, and nothing else.
 *
 * <p>An attack is given what is in this room. What held or shaped the traffic is not told here, on purpose.
 *
 * <p>Must never import another room.
 */
package org.qtop.bench.trace;
