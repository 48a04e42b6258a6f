package org.qtop.bench.attack.learn;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Slides filters over rows of time, all channels at once. Weights: each filter's taps by channel, then its bias. */
final class Convolution extends Layer {

    private final int channels;
    private final int length;
    private final int filters;
    private final int width;
    private final int steps;

    Convolution(int channels, int length, int filters, int width, SplittableRandom random) {
        super(filters * (channels * width + 1));
        this.channels = channels;
        this.length = length;
        this.filters = filters;
        this.width = width;
        this.steps = length - width + 1;
        if (steps < 1) {
            throw new IllegalArgumentException("a filter of " + width + " does not fit into " + length);
        }
        for (int filter = 0; filter < filters; filter++) {
            draw(at(filter), at(filter) + channels * width, channels * width, random);
        }
    }

    private int at(int filter) {
        return filter * (channels * width + 1);
    }

    @Override
    int outputs() {
        return filters * steps;
    }

    @Override
    float[] forward(float[] in) {
        return forward(in, 0, channels, true);
    }

    /** What some of the channels contribute: sums of such parts are what all bring. */
    float[] forward(float[] in, int fromChannel, int untilChannel, boolean bias) {
        float[] out = new float[filters * steps];
        for (int filter = 0; filter < filters; filter++) {
            int to = filter * steps;
            if (bias) {
                Arrays.fill(out, to, to + steps, weights()[at(filter) + channels * width]);
            }
            for (int channel = fromChannel; channel < untilChannel; channel++) {
                for (int tap = 0; tap < width; tap++) {
                    Sums.add(weights()[at(filter) + channel * width + tap], in,
                            (channel - fromChannel) * length + tap, out, to, steps);
                }
            }
        }
        return out;
    }

    @Override
    float[] backward(float[] in, float[] gradient, float[] sums) {
        float[] back = new float[in.length];
        for (int filter = 0; filter < filters; filter++) {
            int from = filter * steps;
            for (int step = 0; step < steps; step++) {
                sums[at(filter) + channels * width] += gradient[from + step];
            }
            for (int channel = 0; channel < channels; channel++) {
                for (int tap = 0; tap < width; tap++) {
                    int weight = at(filter) + channel * width + tap;
                    int other = channel * length + tap;
                    sums[weight] += Sums.product(gradient, from, in, other, steps);
                    Sums.add(weights()[weight], gradient, from, back, other, steps);
                }
            }
        }
        return back;
    }
}
