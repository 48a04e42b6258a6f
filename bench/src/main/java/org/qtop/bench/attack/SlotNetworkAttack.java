package org.qtop.bench.attack;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.qtop.bench.attack.learn.Forest;
import org.qtop.bench.attack.learn.Network;
import org.qtop.bench.attack.learn.Trainer;
import org.qtop.bench.trace.Flow;

/**
 * A small convolutional network on counts of cells per time slot and direction, the features (TAM) of M. Shen, K. Ji,
 * Z. Gao, Q. Li, L. Zhu and K. Xu, "Subverting Website Fingerprinting Defenses with Robust Traffic Representation",
 * USENIX Security 2023; reduced from 1,800 slots of 44 ms and eight layers of filters. Immutable, thread-safe.
 */
final class SlotNetworkAttack extends FingerprintAttack {

    private static final int SLOTS = 160;
    private static final double SLOT_SECONDS = 0.1;
    private static final int HIDDEN = 64;

    SlotNetworkAttack() {
        super("slot-network", "small network on time-slot counts, after Shen et al., \"Robust Fingerprinting\", USENIX "
                + "Security 2023");
    }

    @Override
    float[] features(Flow flow) {
        Cells cells = Cells.of(flow.guard());
        float[] slots = new float[2 * SLOTS];
        for (int i = 0; i < cells.size(); i++) {
            int slot = (int) Math.min(SLOTS - 1, cells.seconds()[i] / SLOT_SECONDS);
            slots[(cells.upstream()[i] ? 0 : SLOTS) + slot]++;
        }
        for (int i = 0; i < slots.length; i++) {
            slots[i] = (float) Math.log1p(slots[i]);
        }
        return slots;
    }

    @Override
    Namer train(Examples training, Examples validation, int classes, AttackSettings settings, long seed) {
        Network network = new Network.Builder(2, SLOTS, seed).convolution(12, 5, 4).convolution(24, 5, 3)
                .dense(HIDDEN).classes(classes);
        Trainer trainer = new Trainer(network);
        Trainer.Examples examples = new Trainer.Examples() {
            @Override
            public int size() {
                return training.features().length;
            }

            @Override
            public float[] rows(int index) {
                return training.features()[index];
            }

            @Override
            public int classOf(int index) {
                return training.classes()[index];
            }
        };
        SplittableRandom random = new SplittableRandom(seed);
        long most = -1;
        float[][] best = null;
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            trainer.epoch(examples, random);
            long right = IntStream.range(0, validation.features().length).filter(i ->
                    Forest.likeliest(network.evidence(validation.features()[i])) == validation.classes()[i]).count();
            if (right > most) {
                most = right;
                best = trainer.keep();
            }
        }
        trainer.restore(best);
        return features -> Forest.likeliest(network.evidence(features));
    }
}
