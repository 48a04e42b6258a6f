package org.qtop.bench.lab;

import java.util.List;
import java.util.Map;
import org.qtop.bench.attack.Compare;
import org.qtop.bench.attack.Controls;
import org.qtop.bench.attack.Findings;

/**
 * All that a run found; written as JSON as it is. Immutable.
 *
 * @param run the circumstances
 * @param costs what modes cost, by task and mode
 * @param findings what attacks found, by mode
 * @param differences modes against straight at Tor, flow by flow
 * @param controls attacks where it is known what must come out
 */
record Results(RunInfo run, Map<String, Map<String, Costs>> costs, Map<String, List<Findings>> findings,
        List<Compare.Difference> differences, List<Controls.Outcome> controls) {
}
