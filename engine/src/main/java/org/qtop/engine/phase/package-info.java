/**
 * Angle arithmetic in exact fractions of a turn.
 *
 * <p>Imports no other room, and must never use floating point for anything but showing a phase.
 *
 * <p>Decision: a phase is an unsigned 64-bit fraction of one turn in a {@code long}, so that adding and subtracting
 * are the machine's own, exact, and wrap at the whole turn by themselves. Floating radians drift: after a million
 * additions nobody could say whether a wrap happened.
 */
package org.qtop.engine.phase;
