package org.qtop.bench.attack.learn;

import java.util.SplittableRandom;

/**
 * Trains a network with Adam (D. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015). Confined
 * to one thread.
 */
public final class Trainer {

    private static final double RATE = 2e-3;
    private static final double FIRST_DECAY = 0.9;
    private static final double SECOND_DECAY = 0.999;
    private static final double SMALL = 1e-8;
    /** Pulls weights towards 0 at each step (Loshchilov and Hutter, "Decoupled Weight Decay", ICLR 2019). */
    private static final double SHRINK = 1e-4;
    private static final int BATCH = 16;

    private final Network network;
    private final float[][] first;
    private final float[][] second;
    private final float[][] sums;
    private int step;

    /**
     * Will train a network.
     *
     * @param network whose weights are changed
     */
    public Trainer(Network network) {
        this.network = network;
        first = network.zeros();
        second = network.zeros();
        sums = network.zeros();
    }

    /** Examples by number. */
    public interface Examples {

        /**
         * How many there are.
         *
         * @return 1 or more
         */
        int size();

        /**
         * What goes into the network.
         *
         * @param index which example
         * @return its rows
         */
        float[] rows(int index);

        /**
         * What should come out.
         *
         * @param index which example
         * @return its class
         */
        int classOf(int index);
    }

    /**
     * Shows the network every example once, in random order.
     *
     * @param examples what to learn from
     * @param random the order
     * @return the mean cross entropy on the way, natural logarithm
     */
    public double epoch(Examples examples, SplittableRandom random) {
        int[] order = new int[examples.size()];
        for (int i = 0; i < order.length; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        double loss = 0;
        for (int from = 0; from < order.length; from += BATCH) {
            int until = Math.min(from + BATCH, order.length);
            for (int i = from; i < until; i++) {
                loss += network.learn(examples.rows(order[i]), examples.classOf(order[i]), sums);
            }
            update(until - from);
        }
        return loss / order.length;
    }

    private void update(int batch) {
        step++;
        double rate = RATE * Math.sqrt(1 - Math.pow(SECOND_DECAY, step)) / (1 - Math.pow(FIRST_DECAY, step));
        for (int layer = 0; layer < sums.length; layer++) {
            float[] weights = network.layers().get(layer).weights();
            for (int i = 0; i < weights.length; i++) {
                double gradient = sums[layer][i] / batch;
                sums[layer][i] = 0;
                first[layer][i] += (float) ((1 - FIRST_DECAY) * (gradient - first[layer][i]));
                second[layer][i] += (float) ((1 - SECOND_DECAY) * (gradient * gradient - second[layer][i]));
                weights[i] -= (float) (rate * first[layer][i] / (Math.sqrt(second[layer][i]) + SMALL)
                        + RATE * SHRINK * weights[i]);
            }
        }
    }

    /**
     * Keeps what the network knows now, for {@link #restore}.
     *
     * @return a copy of all weights
     */
    public float[][] keep() {
        return network.layers().stream().map(layer -> layer.weights().clone()).toArray(float[][]::new);
    }

    /**
     * Goes back to what the network knew.
     *
     * @param kept from {@link #keep}
     */
    public void restore(float[][] kept) {
        for (int layer = 0; layer < kept.length; layer++) {
            System.arraycopy(kept[layer], 0, network.layers().get(layer).weights(), 0, kept[layer].length);
        }
    }
}
