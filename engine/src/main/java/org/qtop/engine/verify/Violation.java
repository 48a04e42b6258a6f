package org.qtop.engine.verify;

/** What can be wrong with a release record. */
public enum Violation {
    /** The release came before its hold was over. */
    EARLY,
    /** The hold is not the quantile of the advance under the record's law. */
    HOLD_NOT_QUANTILE,
    /** The record's law cannot be read, so its hold cannot be checked. */
    LAW_UNKNOWN,
    /** The phase after is not the phase before plus the advance. */
    PHASE_IDENTITY,
    /** The phase before is not the last phase of the circuit. */
    PHASE_GAP,
    /** The whole turns do not follow from the circuit's and the wrap of this step. */
    WINDING,
    /** The number of the binding does not follow the circuit's last. */
    COUNT,
    /** The record begins a path, with the very advance that began the circuit's path before. */
    REPEATED
}
