/**
 * The winding number of a sequence of phases: the whole turns of a closed path, always an integer.
 *
 * <p>Imports {@code phase} only.
 *
 * <p>Decision: a path is closed forwards, as every step of it goes forwards. Closing it the shorter way round would
 * need a rule for the half turn, and would make the number of turns depend on how the last step was looked at.
 */
package org.qtop.engine.winding;
