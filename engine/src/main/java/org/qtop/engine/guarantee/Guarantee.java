package org.qtop.engine.guarantee;

/**
 * How well an observer can tell two starting times apart who sees only the release. Thread-safe.
 *
 * <p>Two candidate times lie D apart, and a hold of width W = max - min comes on top. The best guesser succeeds with
 * (1 + TV) / 2, where TV is the total variation between the two distributions of the release.
 */
public final class Guarantee {

    private Guarantee() {
    }

    /**
     * Gives the total variation under uniform holds, min(1, D / W).
     *
     * @param widthNanos W, 0 or more
     * @param apartNanos D, 0 or more
     * @return 0 to 1
     * @throws IllegalArgumentException if a value is out of range
     */
    public static double uniform(long widthNanos, long apartNanos) {
        check(widthNanos, apartNanos);
        if (apartNanos == 0) {
            return 0;
        }
        return apartNanos >= widthNanos ? 1 : (double) apartNanos / widthNanos;
    }

    /**
     * Gives the total variation under truncated exponential holds of mean m before truncation,
     * (1 - e^(-D/m)) / (1 - e^(-W/m)), and 1 from D = W on.
     *
     * @param widthNanos W, 0 or more
     * @param meanNanos m, 1 or more
     * @param apartNanos D, 0 or more
     * @return 0 to 1
     * @throws IllegalArgumentException if a value is out of range
     */
    public static double exponential(long widthNanos, long meanNanos, long apartNanos) {
        check(widthNanos, apartNanos);
        if (meanNanos < 1) {
            throw new IllegalArgumentException("mean " + meanNanos + " ns: 1 or more");
        }
        if (apartNanos == 0) {
            return 0;
        }
        double mean = meanNanos;
        return apartNanos >= widthNanos ? 1 : Math.expm1(-apartNanos / mean) / Math.expm1(-widthNanos / mean);
    }

    /**
     * Gives the total variation for several independent holds under one common shift, 1 - (1 - TV)^n.
     *
     * <p>It is exact for both laws. Where all n releases lie in the range of both candidates, the later one is at
     * least as likely; so all that tells against it is a release too early for it, and n releases escape that with
     * (1 - TV)^n.
     *
     * @param totalVariation TV of one hold, 0 to 1
     * @param streams n, 1 or more
     * @return 0 to 1
     * @throws IllegalArgumentException if a value is out of range
     */
    public static double repeated(double totalVariation, int streams) {
        checkVariation(totalVariation);
        if (streams < 1) {
            throw new IllegalArgumentException("streams " + streams + ": 1 or more");
        }
        return -Math.expm1(streams * Math.log1p(-totalVariation));
    }

    /**
     * Gives the success of the best guesser between two candidates that are equally likely beforehand.
     *
     * @param totalVariation TV, 0 to 1
     * @return 0.5 to 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public static double bestGuess(double totalVariation) {
        checkVariation(totalVariation);
        return (1 + totalVariation) / 2;
    }

    /**
     * Gives the total variation that no law of holds on [0, W] gets below, 1 / (floor(W / D) + 1).
     *
     * <p>With k = floor(W / D) + 1, kD exceeds W: a release and one kD later are told apart for certain, and k steps of
     * D lie between them, of equal variation each. A law of k equal atoms D apart attains it. (Laws without atoms
     * cannot get below 1 / ceil(W / D), which is another number only where D divides W.)
     *
     * @param widthNanos W, 0 or more
     * @param apartNanos D, 0 or more
     * @return 0 to 1
     * @throws IllegalArgumentException if a value is out of range
     */
    public static double bound(long widthNanos, long apartNanos) {
        check(widthNanos, apartNanos);
        return apartNanos == 0 ? 0 : 1.0 / (widthNanos / apartNanos + 1);
    }

    private static void check(long widthNanos, long apartNanos) {
        if (widthNanos < 0 || apartNanos < 0) {
            throw new IllegalArgumentException("width " + widthNanos + " ns, apart " + apartNanos + " ns: 0 or more");
        }
    }

    private static void checkVariation(double totalVariation) {
        if (!(totalVariation >= 0 && totalVariation <= 1)) {
            throw new IllegalArgumentException("total variation " + totalVariation + ": 0 to 1");
        }
    }
}
