package org.qtop.bench.attack.statistics;

/**
 * Wilson's score interval of a proportion (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical
 * Inference", JASA 22, 1927). Not instantiable.
 */
public final class Wilson {

    /** The normal distribution's 97.5 % point. */
    private static final double Z = 1.959963984540054;

    private Wilson() {
    }

    /**
     * The 95 % interval of a share.
     *
     * @param successes how many of the trials succeeded, 0 to {@code trials}; may be a mean over repetitions
     * @param trials how many independent trials there were
     * @return the share and its interval; 0 to 1 around 0.5 if there was no trial
     * @throws IllegalArgumentException if there are fewer than no trials, or more successes than trials
     */
    public static Interval of(double successes, long trials) {
        if (trials < 0 || !(successes >= 0 && successes <= trials)) {
            throw new IllegalArgumentException(successes + " of " + trials + " is no proportion");
        }
        if (trials == 0) {
            return new Interval(0.5, 0, 1);
        }
        double share = successes / trials;
        double z2 = Z * Z / trials;
        double middle = (share + z2 / 2) / (1 + z2);
        double half = Z / (1 + z2) * Math.sqrt(share * (1 - share) / trials + z2 / (4 * trials));
        return new Interval(share, Math.max(0, middle - half), Math.min(1, middle + half));
    }
}
