package org.qtop.bench.attack.learn;

/** Lets nothing below 0 through. */
final class Rectifier extends Layer {

    private final int size;

    Rectifier(int size) {
        super(0);
        this.size = size;
    }

    @Override
    int outputs() {
        return size;
    }

    @Override
    float[] forward(float[] in) {
        float[] out = new float[size];
        for (int i = 0; i < size; i++) {
            out[i] = Math.max(0, in[i]);
        }
        return out;
    }

    @Override
    float[] backward(float[] in, float[] gradient, float[] sums) {
        float[] back = new float[size];
        for (int i = 0; i < size; i++) {
            back[i] = in[i] > 0 ? gradient[i] : 0;
        }
        return back;
    }
}
