package org.qtop.engine.seed;

import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a cache treats its sources. Immutable.
 *
 * @param limits limits of the health tests for sources that state none of their own
 * @param startupBytes bytes that a source must give and pass before it is first used, 1024 or more (SP 800-90B, 4.3);
 *     they enter the first reseed
 * @param reseedBytes bytes drawn for each later reseed, 48 to 65536; 64 of them cost 512 bits of a daily allowance
 * @param sourceSettings handed to providers when {@code preloadSeedsAsync} opens a source by name
 * @param faults told of each source set aside, on the background executor; the host's place to write its log line
 */
public record SeedSettings(HealthLimits limits, int startupBytes, int reseedBytes,
        Map<String, String> sourceSettings, Consumer<SourceFault> faults) {

    /** Default limits, 1024 bytes at start-up, 64 a reseed, nobody told. */
    public static final SeedSettings DEFAULT =
            new SeedSettings(HealthLimits.DEFAULT, 1024, 64, Map.of(), fault -> { });

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public SeedSettings {
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(faults, "faults");
        sourceSettings = Map.copyOf(sourceSettings);
        if (startupBytes < 1024 || startupBytes > 1 << 20) {
            throw new IllegalArgumentException("start-up bytes " + startupBytes + ": 1024 to 1048576");
        }
        if (reseedBytes < 48 || reseedBytes > 1 << 16) {
            throw new IllegalArgumentException("reseed bytes " + reseedBytes + ": 48 to 65536");
        }
    }

    /**
     * Gives the same settings with somebody told of faults.
     *
     * @param listener told of each source set aside; must not block for long
     * @return new settings
     */
    public SeedSettings withFaults(Consumer<SourceFault> listener) {
        return new SeedSettings(limits, startupBytes, reseedBytes, sourceSettings, listener);
    }

    /**
     * Gives the same settings with other limits.
     *
     * @param newLimits limits of the health tests
     * @return new settings
     */
    public SeedSettings withLimits(HealthLimits newLimits) {
        return new SeedSettings(newLimits, startupBytes, reseedBytes, sourceSettings, faults);
    }

    /**
     * Gives the same settings with others for providers.
     *
     * @param settings handed to providers
     * @return new settings
     */
    public SeedSettings withSourceSettings(Map<String, String> settings) {
        return new SeedSettings(limits, startupBytes, reseedBytes, settings, faults);
    }
}
