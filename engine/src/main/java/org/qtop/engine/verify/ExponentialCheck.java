package org.qtop.engine.verify;

import java.math.BigInteger;

/**
 * Checks holds of the truncated exponential law. Immutable.
 *
 * <p>With {@code u = a / 2^64}, a width of {@code w} whole nanoseconds and a mean of {@code m}, an advance belongs to
 * the hold {@code min + h} if and only if the part of the distribution that survives it lies between those of h and
 * h + 1: {@code e^(-(h+1)/m) < 1 - u (1 - e^(-w/m)) <= e^(-h/m)}. Doubles decide all but the closest cases; those are
 * decided in whole numbers of 2^-{@value #BITS}.
 */
final class ExponentialCheck extends LawCheck {

    private static final int BITS = 224;
    private static final BigInteger ONE = BigInteger.ONE.shiftLeft(BITS);
    /** Wider than the relative error of a double exponential of an argument down to -64. */
    private static final double MARGIN = 0x1p-44;

    private final long min;
    private final long max;
    private final long mean;
    private final double tail;
    private final BigInteger exactTail;

    ExponentialCheck(long min, long max, long mean) {
        this.min = min;
        this.max = max;
        this.mean = mean;
        tail = Math.exp(-(double) (max - min + 1) / mean);
        exactTail = exp(max - min + 1);
    }

    @Override
    boolean accepts(long advance, long holdNanos) {
        if (holdNanos < min || holdNanos > max) {
            return false;
        }
        long h = holdNanos - min;
        double survival = 1 - (1 - tail) * unsigned(advance).doubleValue() * 0x1p-64;
        // Near the end of the range the line above loses its digits, and the margin must not be believed.
        if (survival > 0x1p-6) {
            double upper = Math.exp(-(double) h / mean);
            double lower = Math.exp(-(double) (h + 1) / mean);
            if (survival < upper * (1 - MARGIN) && survival > lower * (1 + MARGIN)) {
                return true;
            }
            if (survival > upper * (1 + MARGIN) || survival < lower * (1 - MARGIN)) {
                return false;
            }
        }
        return exactly(advance, h);
    }

    private boolean exactly(long advance, long h) {
        BigInteger taken = ONE.subtract(exactTail).multiply(unsigned(advance)).shiftRight(64);
        BigInteger survival = ONE.subtract(taken);
        return survival.compareTo(exp(h)) <= 0 && survival.compareTo(exp(h + 1)) > 0;
    }

    /** Gives {@code e^(-nanos / m)} in units of 2^-{@value #BITS}. */
    private BigInteger exp(long nanos) {
        if (nanos / mean > BITS) {
            return BigInteger.ZERO;
        }
        // The series for e^x at a small x, and its reciprocal squared back.
        int halvings = 12;
        BigInteger x = ONE.multiply(BigInteger.valueOf(nanos)).divide(BigInteger.valueOf(mean).shiftLeft(halvings));
        BigInteger term = ONE;
        BigInteger sum = ONE;
        for (int i = 1; term.signum() != 0; i++) {
            term = term.multiply(x).shiftRight(BITS).divide(BigInteger.valueOf(i));
            sum = sum.add(term);
        }
        BigInteger power = ONE.shiftLeft(BITS).divide(sum);
        for (int i = 0; i < halvings; i++) {
            power = power.multiply(power).shiftRight(BITS);
        }
        return power;
    }
}
