package org.qtop.engine.timing;

/** What one binding did to a circuit's path. A holder to use again and again; confined to one thread. */
public final class Binding {

    private long circuit;
    private long from;
    private long phase;
    private long winding;
    private long n;

    /** Makes an empty one. */
    public Binding() {
        // Filled by TopologicalTimingEngine.bind.
    }

    void set(long ofCircuit, long phaseBefore, long phaseAfter, long windingAfter, long bindings) {
        circuit = ofCircuit;
        from = phaseBefore;
        phase = phaseAfter;
        winding = windingAfter;
        n = bindings;
    }

    /**
     * Gives the circuit whose path took the advance.
     *
     * @return Tor's number, or 0 for the stand-in path
     */
    public long circuit() {
        return circuit;
    }

    /**
     * Gives the phase before.
     *
     * @return an unsigned 64-bit fraction of one turn
     */
    public long from() {
        return from;
    }

    /**
     * Gives the phase after.
     *
     * @return an unsigned 64-bit fraction of one turn
     */
    public long phase() {
        return phase;
    }

    /**
     * Gives the whole turns after.
     *
     * @return 0 or more
     */
    public long winding() {
        return winding;
    }

    /**
     * Counts the bindings of this path, this one among them.
     *
     * @return 1 or more; 1 is a path's first
     */
    public long n() {
        return n;
    }
}
