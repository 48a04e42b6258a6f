package org.qtop.bench.attack.learn;

import java.util.SplittableRandom;

/** Every number in counts for every number out. Weights: for each number out a row of those in, then its bias. */
final class Dense extends Layer {

    private final int inputs;
    private final int outputs;

    Dense(int inputs, int outputs, SplittableRandom random) {
        super(outputs * (inputs + 1));
        this.inputs = inputs;
        this.outputs = outputs;
        for (int out = 0; out < outputs; out++) {
            draw(out * (inputs + 1), out * (inputs + 1) + inputs, inputs, random);
        }
    }

    @Override
    int outputs() {
        return outputs;
    }

    @Override
    float[] forward(float[] in) {
        float[] out = new float[outputs];
        for (int i = 0; i < outputs; i++) {
            int row = i * (inputs + 1);
            out[i] = Sums.product(weights(), row, in, 0, inputs) + weights()[row + inputs];
        }
        return out;
    }

    @Override
    float[] backward(float[] in, float[] gradient, float[] sums) {
        float[] back = new float[inputs];
        for (int i = 0; i < outputs; i++) {
            int row = i * (inputs + 1);
            Sums.add(gradient[i], in, 0, sums, row, inputs);
            sums[row + inputs] += gradient[i];
            Sums.add(gradient[i], weights(), row, back, 0, inputs);
        }
        return back;
    }
}
