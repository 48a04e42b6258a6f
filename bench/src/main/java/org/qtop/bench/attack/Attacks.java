package org.qtop.bench.attack;

import java.util.List;

/** All attacks there are. A new one is a class and a line here. */
public final class Attacks {

    private static final List<Attack> ALL = List.of(new ActionTimeAttack(), LaggedAttack.pearson(),
            LaggedAttack.spearman(), LaggedAttack.cosine(), new CompressiveAttack(), new PairForestAttack(),
            new PairNetworkAttack(), new WatermarkAttack(), new KFingerprintAttack(), new SlotNetworkAttack(),
            new SizeAttack());

    private Attacks() {
    }

    /**
     * Every attack, in the order of the report.
     *
     * @return immutable list
     */
    public static List<Attack> all() {
        return ALL;
    }
}
