package org.qtop.engine.verify;

import java.math.BigInteger;

/** Reads a law from its text and tells whether a hold belongs to an advance under it. Immutable, thread-safe. */
abstract class LawCheck {

    private static final BigInteger TURN = BigInteger.ONE.shiftLeft(64);
    private static final long DIGIT = 0xffff_ffffL;

    /**
     * Reads a law.
     *
     * @return the check, or null if the text is not a law
     */
    static LawCheck of(String text) {
        String[] parts = text.split(":", -1);
        long[] numbers = new long[parts.length - 1];
        try {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Long.parseLong(parts[i + 1]);
            }
        } catch (NumberFormatException e) {
            return null;
        }
        if (numbers.length < 2 || numbers[0] < 0 || numbers[1] < numbers[0]) {
            return null;
        }
        if (parts[0].equals("uniform") && numbers.length == 2) {
            return new Uniform(numbers[0], numbers[1]);
        }
        if (parts[0].equals("exponential") && numbers.length == 3 && numbers[2] > 0) {
            return new ExponentialCheck(numbers[0], numbers[1], numbers[2]);
        }
        return null;
    }

    /** Tells whether this hold is the quantile of this advance. */
    abstract boolean accepts(long advance, long holdNanos);

    /** Reads an advance as an unsigned number. */
    static BigInteger unsigned(long advance) {
        BigInteger value = BigInteger.valueOf(advance);
        return advance < 0 ? value.add(TURN) : value;
    }

    /**
     * The upper 64 bits of the product of two unsigned numbers of 64 bits, by long multiplication in base 2^32 (Knuth,
     * The Art of Computer Programming, volume 2, 4.3.1, algorithm M). The engine multiplies in another way.
     */
    static long upperHalf(long a, long b) {
        long low = (a & DIGIT) * (b & DIGIT);
        long middle = (a >>> 32) * (b & DIGIT) + (low >>> 32);
        long otherMiddle = (a & DIGIT) * (b >>> 32) + (middle & DIGIT);
        return (a >>> 32) * (b >>> 32) + (middle >>> 32) + (otherMiddle >>> 32);
    }

    private static final class Uniform extends LawCheck {
        private final long min;
        private final long max;

        Uniform(long min, long max) {
            this.min = min;
            this.max = max;
        }

        @Override
        boolean accepts(long advance, long holdNanos) {
            if (holdNanos < min || holdNanos > max) {
                return false;
            }
            // h is the floor of u w if and only if h 2^64 <= a w < (h + 1) 2^64.
            return upperHalf(advance, max - min + 1) == holdNanos - min;
        }
    }
}
