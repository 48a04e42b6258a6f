package org.qtop.proxy.seedsource;

import java.util.HashMap;
import java.util.Map;
import org.qtop.proxy.config.Settings;

/**
 * Names of what is handed to {@link org.qtop.engine.seed.SeedSourceProvider#open} beside the environment's
 * {@code QTOP_OUTSHIFT_KEY} and {@code QTOP_ANU_KEY}.
 */
public final class SourceSettings {

    /** Folder where the bits of the day are noted. */
    public static final String STATE_FOLDER = "state-folder";
    /** File that holds the keys. */
    public static final String KEY_FILE = "key-file";
    /** Raw bits a day from one hosted source, a whole number. */
    public static final String DAILY_BITS = "daily-bits";
    /** {@code yes}: through Tor. */
    public static final String VIA_TOR = "via-tor";
    /** {@code yes}: nothing is noted as used, so nothing that is read may become a seed. */
    public static final String LOOK_ONLY = "look-only";

    private static final String YES = "yes";

    private SourceSettings() {
    }

    /**
     * Gathers what sources are opened with.
     *
     * @param settings of the run
     * @param environment where keys are looked up
     * @return names and values; some are secret
     */
    public static Map<String, String> of(Settings settings, Map<String, String> environment) {
        Map<String, String> values = new HashMap<>(environment);
        values.put(STATE_FOLDER, settings.dataDir().resolve("seeds").toString());
        values.put(DAILY_BITS, Integer.toString(settings.seedAccess().dailyBits()));
        values.put(VIA_TOR, settings.seedAccess().viaTor() ? YES : "no");
        values.remove(KEY_FILE);
        settings.seedAccess().keyFile().ifPresent(file -> values.put(KEY_FILE, file.toString()));
        return values;
    }

    static boolean isOn(Map<String, String> settings, String name) {
        return YES.equals(settings.get(name));
    }
}
