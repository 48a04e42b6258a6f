package org.qtop.engine.seed;

/**
 * What a source claims, and how sure a health test must be before it fails. Immutable.
 *
 * <p>Source: NIST SP 800-90B, 4.4.1 (repetition count) and 4.4.2 (adaptive proportion). Samples are bytes.
 *
 * @param entropyPerByte the min-entropy H that the source claims, in bits a byte, above 0 and at most 8
 * @param alphaExponent a healthy source fails one test with probability about 2 to the minus this, 20 to 60
 */
public record HealthLimits(double entropyPerByte, int alphaExponent) {

    /** Samples in one window of the adaptive proportion test, for samples that are not binary. */
    public static final int WINDOW = 512;

    /** Claims full bytes, as hosted and hardware quantum generators do, and errs once in 2^30. */
    public static final HealthLimits DEFAULT = new HealthLimits(8, 30);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public HealthLimits {
        if (!(entropyPerByte > 0 && entropyPerByte <= 8)) {
            throw new IllegalArgumentException("entropy per byte " + entropyPerByte + ": above 0 and at most 8 bits");
        }
        if (alphaExponent < 20 || alphaExponent > 60) {
            throw new IllegalArgumentException("alpha exponent " + alphaExponent + ": 20 to 60");
        }
    }

    /**
     * Gives the cutoff of the repetition count test, C = 1 + ceil(-log2(alpha) / H).
     *
     * @return how many equal samples in a row fail the test, 2 or more
     */
    public int repetitionCutoff() {
        return 1 + (int) Math.ceil(alphaExponent / entropyPerByte);
    }

    /**
     * Gives the cutoff of the adaptive proportion test, C = 1 + critbinom(W, 2^-H, 1 - alpha).
     *
     * @return how often the first sample of a window may not occur in it, 2 to {@link #WINDOW} + 1; the last never
     *     fails
     */
    public int proportionCutoff() {
        double p = Math.pow(2, -entropyPerByte);
        double alpha = Math.pow(2, -alphaExponent);
        // P(X > k) for falling k, summed from the far end where the terms are smallest, until it passes alpha. The
        // terms are kept as logarithms, as the first of them are below the range of a double.
        double term = WINDOW * Math.log(p);
        double tail = 0;
        int k = WINDOW;
        while (k > 0 && tail + Math.exp(term) <= alpha) {
            tail += Math.exp(term);
            k--;
            term += Math.log((k + 1.0) / (WINDOW - k)) + Math.log1p(-p) - Math.log(p);
        }
        return 1 + k;
    }
}
