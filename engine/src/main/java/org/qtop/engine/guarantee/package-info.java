/**
 * What the settings in force provably hide, in numbers: pure functions.
 *
 * <p>Imports no other room. It speaks of when the user acted, for an observer who sees only the release; it does not
 * speak of an observer at both ends of a circuit, of volumes, or of anything after the first relay.
 */
package org.qtop.engine.guarantee;
