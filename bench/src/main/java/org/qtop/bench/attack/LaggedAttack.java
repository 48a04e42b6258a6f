package org.qtop.bench.attack;

import java.util.List;
import java.util.stream.IntStream;
import org.qtop.bench.trace.Flow;

/**
 * Correlates bytes per bin at both ends, each pair at the lag that suits it best, and takes the mean of both
 * directions. Nothing is learned but the threshold. Immutable, thread-safe.
 */
final class LaggedAttack extends CorrelationAttack {

    private final Likeness likeness;

    private LaggedAttack(String name, String source, Likeness likeness) {
        super(name, source, false);
        this.likeness = likeness;
    }

    /**
     * With Pearson's correlation.
     *
     * @return the attack
     */
    static LaggedAttack pearson() {
        return new LaggedAttack("pearson", "Pearson's correlation of bytes per bin, as Levine, Reiter, Wang and "
                + "Wright, \"Timing Attacks in Low-Latency Mix Systems\", FC 2004", Likeness.PEARSON);
    }

    /**
     * With Spearman's correlation.
     *
     * @return the attack
     */
    static LaggedAttack spearman() {
        return new LaggedAttack("spearman", "Spearman's rank correlation, as Sun et al., \"RAPTOR: Routing Attacks on "
                + "Privacy in Tor\", USENIX Security 2015", Likeness.SPEARMAN);
    }

    /**
     * With the cosine.
     *
     * @return the attack
     */
    static LaggedAttack cosine() {
        return new LaggedAttack("cosine", "cosine similarity of bytes per bin, the baseline of Nasr, Bahramali and "
                + "Houmansadr, \"DeepCorr\", CCS 2018", Likeness.COSINE);
    }

    @Override
    PairScorer train(List<Flow> training, List<Flow> validation, AttackSettings settings, long seed) {
        return flows -> {
            LaggedPair pairs = new LaggedPair(Bins.atDestination(flows, settings), Bins.atGuard(flows, settings),
                    likeness, settings.lags());
            return IntStream.range(0, flows.size()).parallel().mapToObj(i -> pairs.row(i).mean())
                    .toArray(float[][]::new);
        };
    }
}
