package org.qtop.bench.attack;

import org.qtop.bench.attack.learn.Forest;
import org.qtop.bench.trace.Flow;

/**
 * k-fingerprinting's forest (J. Hayes and G. Danezis, USENIX Security 2016): a random forest on {@link CellFeatures},
 * in the closed world, where the paper too takes the forest's own vote. Immutable, thread-safe.
 */
final class KFingerprintAttack extends FingerprintAttack {

    private static final int DEPTH = 40;

    KFingerprintAttack() {
        super("k-fingerprint", "random forest on cell counts, order and gaps, Hayes and Danezis, \"k-fingerprinting\", "
                + "USENIX Security 2016");
    }

    @Override
    float[] features(Flow flow) {
        return CellFeatures.of(flow.guard());
    }

    @Override
    Namer train(Examples training, Examples validation, int classes, AttackSettings settings, long seed) {
        return forest(training.features(), training.classes(), classes, settings, seed)::classOf;
    }

    static Forest forest(float[][] features, int[] classOf, int classes, AttackSettings settings, long seed) {
        return Forest.train(features, classOf, classes, new Forest.Shape(settings.trees(), DEPTH, 1), seed);
    }
}
