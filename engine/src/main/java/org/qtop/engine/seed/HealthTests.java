package org.qtop.engine.seed;

/**
 * The two continuous health tests of NIST SP 800-90B on one source's bytes. Confined to one task at a time.
 *
 * <p>State carries over from one call to the next, so that a fault across two reads is seen. After a failure the tests
 * are spent: a source that is tried again starts with new ones.
 */
final class HealthTests {

    private final int repetitionCutoff;
    private final int proportionCutoff;
    private int last = -1;
    private int repeated;
    private int first;
    private int seen;
    private int inWindow = HealthLimits.WINDOW;

    HealthTests(HealthLimits limits) {
        repetitionCutoff = limits.repetitionCutoff();
        proportionCutoff = limits.proportionCutoff();
    }

    /**
     * Takes samples.
     *
     * @return null if they pass, or what is wrong in one line
     */
    String take(byte[] samples, int length) {
        for (int i = 0; i < length; i++) {
            int sample = samples[i] & 0xff;
            repeated = sample == last ? repeated + 1 : 1;
            last = sample;
            if (repeated >= repetitionCutoff) {
                return "repetition count test: one byte " + repeated + " times in a row";
            }
            if (inWindow == HealthLimits.WINDOW) {
                first = sample;
                seen = 0;
                inWindow = 0;
            }
            inWindow++;
            seen += sample == first ? 1 : 0;
            if (seen >= proportionCutoff) {
                return "adaptive proportion test: one byte " + seen + " times in " + inWindow;
            }
        }
        return null;
    }
}
