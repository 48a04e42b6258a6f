package org.qtop.engine.timing;

import org.qtop.engine.phase.Phase;
import org.qtop.engine.winding.Winding;

/**
 * The path of one circuit's phase at one moment. Immutable.
 *
 * @param circuit Tor's number of the circuit, or 0 for the stand-in path
 * @param firstPhase where it began, an unsigned 64-bit fraction of one turn
 * @param phase where it is
 * @param winding whole turns so far: how often it passed phase 0
 * @param bindings how many advances it took
 */
public record CircuitPath(long circuit, long firstPhase, long phase, long winding, long bindings) {

    /**
     * Closes the path forwards to where it began.
     *
     * @return whole turns of the closed path: its winding number
     */
    public long closedTurns() {
        return Winding.closed(firstPhase, phase, winding);
    }

    /**
     * Gives the phase as an angle, for showing.
     *
     * @param windingQuantum the angle that one turn stands for
     * @return 0 up to {@code windingQuantum}
     */
    public double angle(double windingQuantum) {
        return Phase.angle(phase, windingQuantum);
    }
}
