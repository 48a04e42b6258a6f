package org.qtop.bench.attack.learn;

/** Keeps the highest of each few numbers of a row; what is left over at a row's end is dropped. */
final class Pool extends Layer {

    private final int rows;
    private final int length;
    private final int width;
    private final int steps;

    Pool(int rows, int length, int width) {
        super(0);
        this.rows = rows;
        this.length = length;
        this.width = width;
        this.steps = length / width;
        if (steps < 1) {
            throw new IllegalArgumentException("a pool of " + width + " does not fit into " + length);
        }
    }

    @Override
    int outputs() {
        return rows * steps;
    }

    @Override
    float[] forward(float[] in) {
        float[] out = new float[rows * steps];
        for (int i = 0; i < out.length; i++) {
            out[i] = in[highest(in, i)];
        }
        return out;
    }

    private int highest(float[] in, int output) {
        int from = output / steps * length + output % steps * width;
        int best = from;
        for (int i = from + 1; i < from + width; i++) {
            if (in[i] > in[best]) {
                best = i;
            }
        }
        return best;
    }

    @Override
    float[] backward(float[] in, float[] gradient, float[] sums) {
        float[] back = new float[in.length];
        for (int i = 0; i < gradient.length; i++) {
            back[highest(in, i)] += gradient[i];
        }
        return back;
    }
}
