package org.qtop.bench.attack;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.qtop.bench.attack.learn.Network;
import org.qtop.bench.attack.learn.Trainer;
import org.qtop.bench.attack.statistics.PairScores;
import org.qtop.bench.trace.Flow;

/**
 * A convolutional network over both directions of both ends: DeepCorr-class, reduced (M. Nasr, A. Bahramali and A.
 * Houmansadr, "DeepCorr: Strong Flow Correlation Attacks on Tor Using Deep Learning", CCS 2018). As in DeepCorr the
 * first filters see both ends at once and the pair is judged as a whole; the rows are bytes per bin instead of sizes
 * and gaps of 300 packets, and there are some ten thousand weights instead of 215 million. Immutable, thread-safe.
 *
 * <p>The filters' sum over the two ends is split, so that each end is filtered once and a pair costs an addition.
 */
final class PairNetworkAttack extends CorrelationAttack {

    /** So many bins of the settings make one of the network's. */
    private static final int MERGED = 3;
    private static final int FILTERS = 12;
    private static final int WIDTH = 5;
    private static final int POOL = 5;
    private static final int HIDDEN = 16;
    private static final int WRONG_PAIRS = 4;
    /** However many flows there are, the network sees right pairs about so many times: for minutes, not hours. */
    private static final int SIGHTS = 30_000;
    private static final int LEAST_EPOCHS = 3;
    /** All pairs of so many validation flows say after each epoch how good it is. */
    private static final int JUDGES = 100;

    PairNetworkAttack() {
        super("pair-network", "DeepCorr-class network, reduced, after Nasr, Bahramali and Houmansadr, \"DeepCorr\", "
                + "CCS 2018", true);
    }

    @Override
    PairScorer train(List<Flow> training, List<Flow> validation, AttackSettings settings, long seed) {
        int length = settings.bins() / MERGED;
        Network network = new Network.Builder(4, length, seed).convolution(FILTERS, WIDTH, POOL).dense(HIDDEN)
                .classes(2);
        Trainer trainer = new Trainer(network);
        float[][] exits = rows(Bins.atDestination(training, settings), length);
        float[][] entries = rows(Bins.atGuard(training, settings), length);
        SplittableRandom random = new SplittableRandom(seed);
        PairScorer scorer = flows -> score(network, rows(Bins.atDestination(flows, settings), length),
                rows(Bins.atGuard(flows, settings), length));
        double most = -1;
        float[][] best = trainer.keep();
        List<Flow> judges = validation.subList(0, Math.min(JUDGES, validation.size()));
        for (int epoch = 0; epoch < epochs(training.size(), settings); epoch++) {
            trainer.epoch(new Pairs(exits, entries, random.nextLong()), random);
            double area = new PairScores(scorer.score(judges)).evaluate().area();
            if (area > most) {
                most = area;
                best = trainer.keep();
            }
        }
        trainer.restore(best);
        return scorer;
    }

    private static int epochs(int flows, AttackSettings settings) {
        return Math.min(settings.epochs(), Math.max(LEAST_EPOCHS, SIGHTS / flows));
    }

    /** Upstream, then downstream: logarithms of bytes in merged bins. */
    private static float[][] rows(Bins bins, int length) {
        return IntStream.range(0, bins.upstream().length).mapToObj(i -> {
            float[] row = new float[2 * length];
            for (int k = 0; k < length * MERGED; k++) {
                row[k / MERGED] += bins.upstream()[i][k] / Cells.BYTES;
                row[length + k / MERGED] += bins.downstream()[i][k] / Cells.BYTES;
            }
            for (int k = 0; k < row.length; k++) {
                row[k] = (float) Math.log1p(row[k]);
            }
            return row;
        }).toArray(float[][]::new);
    }

    private static float[][] score(Network network, float[][] exits, float[][] entries) {
        float[][] exitParts = IntStream.range(0, exits.length).parallel()
                .mapToObj(i -> network.part(exits[i], 0, 2)).toArray(float[][]::new);
        float[][] entryParts = IntStream.range(0, entries.length).parallel()
                .mapToObj(i -> network.part(entries[i], 2, 4)).toArray(float[][]::new);
        return IntStream.range(0, exits.length).parallel().mapToObj(i -> {
            float[] row = new float[entries.length];
            for (int j = 0; j < row.length; j++) {
                float[] evidence = network.evidenceOfParts(exitParts[i], entryParts[j]);
                row[j] = evidence[1] - evidence[0];
            }
            return row;
        }).toArray(float[][]::new);
    }

    /** Each exit with its own entry and with a few others. */
    private record Pairs(float[][] exits, float[][] entries, long seed) implements Trainer.Examples {

        @Override
        public int size() {
            return exits.length * (1 + WRONG_PAIRS);
        }

        @Override
        public float[] rows(int index) {
            float[] exit = exits[index / (1 + WRONG_PAIRS)];
            float[] entry = entries[entry(index)];
            float[] rows = Arrays.copyOf(exit, 2 * exit.length);
            System.arraycopy(entry, 0, rows, exit.length, exit.length);
            return rows;
        }

        private int entry(int index) {
            int own = index / (1 + WRONG_PAIRS);
            if (classOf(index) == 1 || exits.length == 1) {
                return own;
            }
            return (own + 1 + new SplittableRandom(seed + index).nextInt(exits.length - 1)) % exits.length;
        }

        @Override
        public int classOf(int index) {
            return index % (1 + WRONG_PAIRS) == 0 ? 1 : 0;
        }
    }
}
