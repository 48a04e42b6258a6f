package org.qtop.bench.attack.learn;

import java.util.SplittableRandom;

/** One step of a network. What it has learned is in its weights, which calls do not change: thread-safe meanwhile. */
abstract class Layer {

    private final float[] weights;

    /** A layer without weights yet: {@code count} zeros. */
    Layer(int count) {
        weights = new float[count];
    }

    /** What it has learned, changed in place by training. */
    final float[] weights() {
        return weights;
    }

    /** Draws weights for {@code fan} inputs each (He et al., "Delving Deep into Rectifiers", ICCV 2015). */
    final void draw(int from, int until, int fan, SplittableRandom random) {
        double deviation = Math.sqrt(2.0 / fan);
        for (int i = from; i < until; i++) {
            // Twelve even numbers sum to nearly a normal one.
            double sum = -6;
            for (int k = 0; k < 12; k++) {
                sum += random.nextDouble();
            }
            weights[i] = (float) (sum * deviation);
        }
    }

    /** How many numbers come out. */
    abstract int outputs();

    /** From what goes in to what comes out. */
    abstract float[] forward(float[] in);

    /**
     * From the gradient of what came out to that of what went in.
     *
     * @param in what went in
     * @param gradient of the loss by what came out
     * @param sums where gradients by the weights are added
     * @return gradient of the loss by what went in
     */
    abstract float[] backward(float[] in, float[] gradient, float[] sums);
}
