package org.qtop.bench.attack.learn;

/** Loops that a compiler turns into vector instructions. Not instantiable. */
final class Sums {

    private Sums() {
    }

    /** Adds a multiple of one row to another. */
    static void add(float factor, float[] from, int fromAt, float[] to, int toAt, int length) {
        for (int i = 0; i < length; i++) {
            to[toAt + i] += factor * from[fromAt + i];
        }
    }

    /** The sum of the products of two rows; four sums side by side, for one waits for itself. */
    static float product(float[] a, int aAt, float[] b, int bAt, int length) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            first += a[aAt + i] * b[bAt + i];
            second += a[aAt + i + 1] * b[bAt + i + 1];
            third += a[aAt + i + 2] * b[bAt + i + 2];
            fourth += a[aAt + i + 3] * b[bAt + i + 3];
        }
        for (; i < length; i++) {
            first += a[aAt + i] * b[bAt + i];
        }
        return first + second + (third + fourth);
    }
}
