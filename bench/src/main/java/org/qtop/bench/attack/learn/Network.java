package org.qtop.bench.attack.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A small feed-forward network that tells classes apart by the softmax of its last layer. Naming is thread-safe as long
 * as nobody trains; training is confined to one thread.
 */
public final class Network {

    private final List<Layer> layers;

    private Network(List<Layer> layers) {
        this.layers = List.copyOf(layers);
    }

    /** Lays layers upon each other. Confined to one thread. */
    public static final class Builder {

        private final List<Layer> layers = new ArrayList<>();
        private final SplittableRandom random;
        private int rows;
        private int length;

        /**
         * A network for rows of time.
         *
         * @param channels how many rows go in, 1 or more
         * @param length how long each is, 1 or more
         * @param seed where the first weights come from
         */
        public Builder(int channels, int length, long seed) {
            this.rows = channels;
            this.length = length;
            this.random = new SplittableRandom(seed);
        }

        /**
         * Adds filters over time with a rectifier, and keeps the highest of each few steps.
         *
         * @param filters how many rows come out
         * @param width how many steps a filter sees
         * @param pool of how many steps one is kept
         * @return this
         * @throws IllegalArgumentException if the rows are too short
         */
        public Builder convolution(int filters, int width, int pool) {
            layers.add(new Convolution(rows, length, filters, width, random));
            rows = filters;
            length = length - width + 1;
            layers.add(new Rectifier(rows * length));
            layers.add(new Pool(rows, length, pool));
            length = length / pool;
            return this;
        }

        /**
         * Adds a layer in which every number counts for every number, with a rectifier.
         *
         * @param outputs how many numbers come out
         * @return this
         */
        public Builder dense(int outputs) {
            last(outputs);
            layers.add(new Rectifier(outputs));
            return this;
        }

        private void last(int outputs) {
            layers.add(new Dense(rows * length, outputs, random));
            rows = 1;
            length = outputs;
        }

        /**
         * Ends with a number for each class.
         *
         * @param classes how many classes, 2 or more
         * @return the network, not trained yet
         */
        public Network classes(int classes) {
            last(classes);
            return new Network(layers);
        }
    }

    List<Layer> layers() {
        return layers;
    }

    /**
     * How much speaks for each class.
     *
     * @param in the rows, one after the other
     * @return a number for each class; only differences mean something
     */
    public float[] evidence(float[] in) {
        return after(0, in);
    }

    private float[] after(int from, float[] in) {
        float[] numbers = in;
        for (Layer layer : layers.subList(from, layers.size())) {
            numbers = layer.forward(numbers);
        }
        return numbers;
    }

    /**
     * What some of the rows contribute to the first layer, which must be a convolution.
     *
     * @param in these rows, one after the other
     * @param fromRow the first row that they are
     * @param untilRow the first row that they are not
     * @return a part for {@link #evidenceOfParts}
     */
    public float[] part(float[] in, int fromRow, int untilRow) {
        return ((Convolution) layers.get(0)).forward(in, fromRow, untilRow, fromRow == 0);
    }

    /**
     * How much speaks for each class, if all rows were given in two parts: what one part brings to the first layer is
     * worked out once for all others that it is tried with.
     *
     * @param first from {@link #part}, with row 0
     * @param second from {@link #part}, with the other rows
     * @return as {@link #evidence} of all rows together
     */
    public float[] evidenceOfParts(float[] first, float[] second) {
        float[] sum = new float[first.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = first[i] + second[i];
        }
        return after(1, sum);
    }

    /**
     * Adds the gradient of the cross entropy of one example.
     *
     * @param in the rows
     * @param right the class that it is of
     * @param sums for each layer, gradients by its weights
     * @return the cross entropy, natural logarithm
     */
    double learn(float[] in, int right, float[][] sums) {
        float[][] numbers = new float[layers.size() + 1][];
        numbers[0] = in;
        for (int i = 0; i < layers.size(); i++) {
            numbers[i + 1] = layers.get(i).forward(numbers[i]);
        }
        float[] gradient = numbers[layers.size()].clone();
        double loss = softmax(gradient, right);
        gradient[right] -= 1;
        for (int i = layers.size() - 1; i >= 0; i--) {
            gradient = layers.get(i).backward(numbers[i], gradient, sums[i]);
        }
        return loss;
    }

    /** Turns evidence into shares, in place; tells the cross entropy. */
    private static double softmax(float[] evidence, int right) {
        double most = Double.NEGATIVE_INFINITY;
        for (float one : evidence) {
            most = Math.max(most, one);
        }
        double total = 0;
        for (float one : evidence) {
            total += Math.exp(one - most);
        }
        double loss = Math.log(total) + most - evidence[right];
        for (int i = 0; i < evidence.length; i++) {
            evidence[i] = (float) (Math.exp(evidence[i] - most) / total);
        }
        return loss;
    }

    float[][] zeros() {
        return layers.stream().map(layer -> new float[layer.weights().length]).toArray(float[][]::new);
    }
}
