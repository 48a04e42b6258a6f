package org.qtop.bench.attack;

import java.util.List;
import org.qtop.bench.trace.Flow;

/** Says how well each flow's destination end goes with each flow's guard end. Thread-safe. */
interface PairScorer {

    /**
     * Scores all pairs.
     *
     * @param flows any flows
     * @return a row for each destination end, a column for each guard end; higher means more alike
     */
    float[][] score(List<Flow> flows);
}
