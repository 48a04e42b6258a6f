package org.qtop.engine.timing;

/**
 * A number of some 106 bits as the unevaluated sum of two doubles; changed in place. Confined to one thread.
 *
 * <p>Sums and products leave a relative error of a few times 2^-104 (T. J. Dekker: A floating-point technique for
 * extending the available precision, Numerische Mathematik 18, 1971), with the exact product taken from a fused
 * multiply-add.
 */
final class DoubleDouble {

    /** Halvings before the series of {@link #exp}; each squaring back doubles the relative error. */
    private static final int HALVINGS = 9;
    /** Terms of the series: its argument is below 64 / 2^9, and (1/8)^26 / 26! is below 2^-160. */
    private static final int TERMS = 26;

    private double high;
    private double low;

    private DoubleDouble(double high, double low) {
        this.high = high;
        this.low = low;
    }

    /** Gives a quotient of two doubles. */
    static DoubleDouble quotient(double numerator, double denominator) {
        double high = numerator / denominator;
        double rest = Math.fma(-high, denominator, numerator);
        return new DoubleDouble(high, rest / denominator);
    }

    /** Gives an unsigned 64-bit fraction of one, exactly. */
    static DoubleDouble fraction(long unsigned) {
        DoubleDouble value = new DoubleDouble((unsigned >>> 32) * 0x1p-32, 0);
        value.normalise((unsigned & 0xffffffffL) * 0x1p-64);
        return value;
    }

    /** Gives {@code e^(numerator / denominator)} for quotients between -64 and 64. */
    static DoubleDouble exp(double numerator, double denominator) {
        DoubleDouble x = quotient(numerator, denominator);
        double scale = 1.0 / (1 << HALVINGS);
        x.high *= scale;
        x.low *= scale;
        // Horner: 1 + x (1 + x/2 (1 + x/3 (...)))
        DoubleDouble sum = new DoubleDouble(1, 0);
        for (int term = TERMS; term >= 1; term--) {
            DoubleDouble step = quotient(1, term);
            step.times(x);
            sum.times(step);
            sum.plus(1, 0);
        }
        for (int i = 0; i < HALVINGS; i++) {
            sum.times(sum);
        }
        return sum;
    }

    DoubleDouble times(DoubleDouble other) {
        double product = high * other.high;
        double rest = Math.fma(high, other.high, -product) + (high * other.low + low * other.high);
        high = product;
        normalise(rest);
        return this;
    }

    DoubleDouble plus(DoubleDouble other) {
        return plus(other.high, other.low);
    }

    private DoubleDouble plus(double otherHigh, double otherLow) {
        double sum = high + otherHigh;
        double part = sum - high;
        double rest = high - (sum - part) + (otherHigh - part);
        high = sum;
        normalise(rest + low + otherLow);
        return this;
    }

    /** Gives one less this. */
    DoubleDouble complement() {
        return new DoubleDouble(-high, -low).plus(1, 0);
    }

    boolean atMost(DoubleDouble other) {
        return high < other.high || high == other.high && low <= other.low;
    }

    private void normalise(double rest) {
        double sum = high + rest;
        low = rest - (sum - high);
        high = sum;
    }
}
