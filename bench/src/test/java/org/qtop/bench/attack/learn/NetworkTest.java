package org.qtop.bench.attack.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    private static final float STEP = 2e-3f;

    private static Network network(long seed) {
        return new Network.Builder(2, 23, seed).convolution(3, 4, 2).convolution(4, 3, 2).dense(6).classes(3);
    }

    private static float[] rows(Random random, int count) {
        float[] rows = new float[count];
        for (int i = 0; i < count; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        return rows;
    }

    /** Each weight of each layer is moved up and down a little: what the loss does must be what the gradient says. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldHaveTheGradientThatFiniteDifferencesHave(long seed) {
        Network network = network(seed);
        float[] in = rows(new Random(seed), 46);
        float[][] found = network.zeros();
        network.learn(in, 1, found);
        for (int layer = 0; layer < found.length; layer++) {
            float[] weights = network.layers().get(layer).weights();
            double wrong = 0;
            double size = 0;
            for (int i = 0; i < weights.length; i++) {
                float kept = weights[i];
                weights[i] = kept + STEP;
                double above = network.learn(in, 1, network.zeros());
                weights[i] = kept - STEP;
                double below = network.learn(in, 1, network.zeros());
                weights[i] = kept;
                double difference = (above - below) / (2 * STEP);
                wrong += Math.pow(difference - found[layer][i], 2);
                size += Math.pow(difference, 2);
            }
            double error = size == 0 ? wrong : Math.sqrt(wrong / size);
            int at = layer;
            assertTrue(error < 0.02, () -> "layer " + at + " is off by a share of " + error);
        }
    }

    /** The gradient by what goes in, which every layer below rests on. */
    @Test
    void shouldPassTheGradientDown() {
        Random random = new Random(6);
        for (Layer layer : network(7).layers()) {
            int inputs = layer instanceof Rectifier ? layer.outputs() : inputs(layer);
            float[] in = rows(random, inputs);
            float[] towards = rows(random, layer.outputs());
            float[] found = layer.backward(in, towards, new float[layer.weights().length]);
            for (int i = 0; i < inputs; i++) {
                float[] moved = in.clone();
                moved[i] += STEP;
                double above = product(layer.forward(moved), towards);
                moved[i] -= 2 * STEP;
                double below = product(layer.forward(moved), towards);
                assertEquals((above - below) / (2 * STEP), found[i], 0.01, layer.getClass().getSimpleName());
            }
        }
    }

    private static int inputs(Layer layer) {
        for (int inputs = 1; inputs < 1000; inputs++) {
            try {
                layer.forward(new float[inputs]);
                return inputs;
            } catch (ArrayIndexOutOfBoundsException tooFew) {
                continue;
            }
        }
        throw new AssertionError("no input fits");
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @Test
    void shouldFilterByHand() {
        Convolution one = new Convolution(2, 3, 1, 2, new SplittableRandom(1));
        System.arraycopy(new float[] {1, 10, 100, 1000, 0.5f}, 0, one.weights(), 0, 5);
        assertArrayEquals(new float[] {1 + 20 + 400 + 5000 + 0.5f, 2 + 30 + 500 + 6000 + 0.5f},
                one.forward(new float[] {1, 2, 3, 4, 5, 6}));
        assertThrows(IllegalArgumentException.class, () -> new Convolution(1, 3, 1, 4, new SplittableRandom(1)));
    }

    @Test
    void shouldJudgePartsAsTheWhole() {
        Network network = new Network.Builder(4, 30, 2).convolution(5, 4, 3).dense(6).classes(2);
        float[] in = rows(new Random(3), 120);
        assertArrayEquals(network.evidence(in), network.evidenceOfParts(
                network.part(Arrays.copyOf(in, 60), 0, 2), network.part(Arrays.copyOfRange(in, 60, 120), 2, 4)), 1e-4f);
    }

    /** Where a bump is in time does not matter, whether it points up does: what filters are for. */
    @Test
    void shouldLearnShapesWhereverTheyAre() {
        Random random = new Random(8);
        float[][] rows = new float[600][];
        int[] classes = new int[600];
        for (int i = 0; i < 600; i++) {
            rows[i] = rows(random, 46);
            for (int k = 0; k < 46; k++) {
                rows[i][k] *= 0.3f;
            }
            classes[i] = random.nextInt(3);
            int at = random.nextInt(20);
            rows[i][at] += new float[] {0, 3, -3}[classes[i]];
            rows[i][at + 1] += new float[] {0, -3, 3}[classes[i]];
        }
        Network network = network(9);
        Trainer trainer = new Trainer(network);
        Trainer.Examples examples = new Trainer.Examples() {
            @Override
            public int size() {
                return 400;
            }

            @Override
            public float[] rows(int index) {
                return rows[index];
            }

            @Override
            public int classOf(int index) {
                return classes[index];
            }
        };
        SplittableRandom order = new SplittableRandom(1);
        double before = trainer.epoch(examples, order);
        float[][] kept = trainer.keep();
        float[] first = network.evidence(rows[0]);
        double after = before;
        for (int epoch = 0; epoch < 40; epoch++) {
            after = trainer.epoch(examples, order);
        }
        assertTrue(after < before / 3, before + " to " + after);
        int right = 0;
        for (int i = 400; i < 600; i++) {
            right += Forest.likeliest(network.evidence(rows[i])) == classes[i] ? 1 : 0;
        }
        assertTrue(right > 180, right + " of 200");
        trainer.restore(kept);
        assertArrayEquals(first, network.evidence(rows[0]));
    }
}
