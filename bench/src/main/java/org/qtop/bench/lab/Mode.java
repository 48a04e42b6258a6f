package org.qtop.bench.lab;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.qtop.engine.guarantee.HoldShape;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.config.Settings;

/**
 * What stands between the application and Tor. A new mode is a constant here: settings of {@code qtop run} that differ
 * from their defaults, and the law of its holds for the bound.
 */
enum Mode {
    /** Straight at Tor. */
    DIRECT("direct", "straight at Tor", null),
    /** The default. */
    REQUEST("request", "`request`, 0.1-10 ms", hold("request", "0.1ms", "10ms", "uniform")),
    /** Long holds. */
    REQUEST_1S("request-1s", "`request`, 0-1 s", hold("request", "0ms", "1s", "uniform")),
    /** Held inside Tor. */
    ATTACH("attach", "`attach`, 0.1-10 ms", hold("attach", "0.1ms", "10ms", "uniform")),
    /** Only the answer is held. */
    REPLY("reply", "`reply`, 0.1-10 ms", hold("reply", "0.1ms", "10ms", "uniform")),
    /** As {@link #REQUEST}, of the other law. */
    REQUEST_EXP("request-exp", "`request`, 0.1-10 ms, exponential", hold("request", "0.1ms", "10ms", "exponential")),
    /** As {@link #REQUEST_1S}, of the other law. */
    REQUEST_1S_EXP("request-1s-exp", "`request`, 0-1 s, exponential", hold("request", "0ms", "1s", "exponential")),
    /** As {@link #ATTACH}, of the other law. */
    ATTACH_EXP("attach-exp", "`attach`, 0.1-10 ms, exponential", hold("attach", "0.1ms", "10ms", "exponential")),
    /** As {@link #REPLY}, of the other law. */
    REPLY_EXP("reply-exp", "`reply`, 0.1-10 ms, exponential", hold("reply", "0.1ms", "10ms", "exponential"));

    private final String key;
    private final String words;
    private final Map<Setting, String> settings;

    Mode(String key, String words, Map<Setting, String> settings) {
        this.key = key;
        this.words = words;
        this.settings = settings;
    }

    private static Map<Setting, String> hold(String at, String min, String max, String law) {
        return Map.of(Setting.HOLD_AT, at, Setting.MIN_HOLD, min, Setting.MAX_HOLD, max, Setting.DISTRIBUTION, law);
    }

    /** What options and files call it. */
    String key() {
        return key;
    }

    /** What tables call it. */
    String words() {
        return words;
    }

    /** Settings of the qtop in front of Tor; empty if there is none. */
    Optional<Map<Setting, String>> settings() {
        return Optional.ofNullable(settings).map(EnumMap::new);
    }

    /** The law of its holds, read as {@code qtop run} reads it; empty if there are none. */
    Optional<HoldShape> shape() {
        return settings().map(values -> {
            try {
                Settings read = Settings.of(values, Map.of());
                return read.meanHoldNanos() == 0 ? HoldShape.uniform(read.minHoldNanos(), read.maxHoldNanos())
                        : HoldShape.exponential(read.minHoldNanos(), read.maxHoldNanos(), read.meanHoldNanos());
            } catch (SettingException wrong) {
                throw new IllegalStateException(key + ": " + wrong.getMessage(), wrong);
            }
        });
    }

    /** Whether what the client sends first waits, so that the guarantee speaks of what its guard sees. */
    boolean hidesAction() {
        return settings != null && !settings.get(Setting.HOLD_AT).equals("reply");
    }

    /** Only those that the tables of traffic show: the laws differ in nothing that those attacks look at. */
    static List<Mode> forTraffic() {
        return List.of(DIRECT, REQUEST, REQUEST_1S, ATTACH, REPLY);
    }

    static Mode of(String key) {
        return Stream.of(values()).filter(mode -> mode.key.equals(key)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no mode is called \"" + key + "\": there are "
                        + String.join(", ", Stream.of(values()).map(Mode::key).toList())));
    }
}
