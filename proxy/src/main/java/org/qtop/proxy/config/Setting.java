package org.qtop.proxy.config;

import java.util.Locale;
import java.util.Optional;

/**
 * Every setting of {@code qtop run}: its key, default, placeholder and meaning.
 *
 * <p>A key is an option of the command line ({@code --min-hold}), a line of a configuration file
 * ({@code min-hold = 0.1ms}) and an environment variable ({@code QTOP_MIN_HOLD}). The command line beats the
 * environment, which beats the file. Immutable.
 */
public enum Setting {
    /** Where applications connect. */
    LISTEN("listen", "127.0.0.1:9150", "ADDRESS[=TOR][,proxy][,mode=MODE]",
            "where applications connect: HOST:PORT or unix:PATH; may be repeated. TOR: a SOCKS port of its own; proxy:"
                    + " a PROXY header (version 2) comes first; MODE: of a Unix socket, 600 unless given"),
    /** Who may connect besides this machine. */
    ALLOW("allow", null, "CIDR", "whose connections are accepted besides this machine's own; may be repeated"),
    /** Tor's SOCKS port. */
    TOR_SOCKS("tor-socks", "127.0.0.1:9050", "HOST:PORT|unix:PATH", "SOCKS port of the Tor to use"),
    /** Tor's HTTP port. */
    TOR_HTTP("tor-http", "none", "HOST:PORT|none",
            "HTTPTunnelPort of the same Tor, for HTTP CONNECT; none sends it to the SOCKS port as SOCKS5"),
    /** Tor's control port. */
    TOR_CONTROL("tor-control", "127.0.0.1:9051", "HOST:PORT|unix:PATH|none",
            "control port of the same Tor; none goes on with stand-in identifiers"),
    /** Cookie file for the control port. */
    CONTROL_COOKIE("control-cookie", null, "FILE", "cookie file of the control port, if Tor's own word is not right"),
    /** Password file for the control port. */
    CONTROL_PASSWORD_FILE("control-password-file", null, "FILE", "file that holds the control port's password"),
    /** Which network. */
    NETWORK("network", "public", "public|private", "private: a Tor network of its own on loopback, for trying out"),
    /** Folder of the Tor that qtop starts itself. */
    DATA_DIR("data-dir", null, "FOLDER",
            "state of the Tor that qtop starts itself (default: $XDG_STATE_HOME/qtop or ~/.local/state/qtop)"),
    /** Shortest hold. */
    MIN_HOLD("min-hold", "0.1ms", "TIME", "shortest hold, 0 to 60s (ns, us, ms, s)"),
    /** Longest hold. */
    MAX_HOLD("max-hold", "10ms", "TIME", "longest hold, 0 to 60s; both 0 means no hold"),
    /** Distribution of the holds. */
    DISTRIBUTION("distribution", "uniform", "uniform|exponential[:MEAN]",
            "law of the holds between the two; MEAN counts from --min-hold (default: a quarter of the range)"),
    /** Where a stream is held. */
    HOLD_AT("hold-at", "request", "request|attach|reply",
            "where a stream is held: its request, inside Tor, or Tor's reply to it"),
    /** Size of the seed cache. */
    SEEDS("seeds", "1000000", "COUNT", "size of the seed cache, 100000 to 10000000"),
    /** Where seeds come from. */
    SEED_SOURCE("seed-source", "os", "SOURCE[,SOURCE...]",
            "where raw bytes for seeds come from besides the system's own, in this order: outshift, anu, device:PATH,"
                    + " file:PATH, os; may be repeated"),
    /** Keys of hosted sources. */
    SEED_KEY_FILE("seed-key-file", null, "FILE",
            "file that holds a hosted source's key, or lines of the form NAME = KEY"),
    /** How much a hosted source may give in a day. */
    SEED_DAILY_BITS("seed-daily-bits", "100000", "COUNT",
            "raw bits drawn from each hosted source in a day (UTC), 10000 to 999999999"),
    /** How hosted sources are reached. */
    SEED_VIA_TOR("seed-via-tor", "no", "yes|no", "reach hosted sources through Tor; the option alone means yes"),
    /** Journal of releases. */
    JOURNAL("journal", null, "FILE", "append one JSON line a release to this file"),
    /** What a violation leads to. */
    ON_VIOLATION("on-violation", "count", "count|close-circuit|refuse",
            "what follows when the verifier rejects a release: count it, close its circuit too, or refuse new streams"),
    /** What to do with streams while the control port is away. */
    WITHOUT_CONTROL("without-control", "hold", "hold|refuse", "new streams while the control port is lost"),
    /** How many streams at once. */
    MAX_STREAMS("max-streams", "10000", "COUNT", "streams at once, 1 to 1000000; one more is refused"),
    /** How long open streams may go on after a stop was asked for. */
    DRAIN("drain", "10s", "TIME", "how long open streams may go on after SIGTERM, 0 to 1h"),
    /** Where the status is told. */
    STATUS_LISTEN("status-listen", "127.0.0.1:9152", "HOST:PORT|unix:PATH|none",
            "where the page, health and metrics are; what is told names no destination"),
    /** Logging. */
    LOG_LEVEL("log-level", "info", "error|warn|info|debug|trace", "how much is logged, to standard error"),
    /** How log lines look. */
    LOG_FORMAT("log-format", "text", "text|json", "json: one JSON object a line");

    private final String key;
    private final String defaultValue;
    private final String placeholder;
    private final String meaning;

    Setting(String key, String defaultValue, String placeholder, String meaning) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.placeholder = placeholder;
        this.meaning = meaning;
    }

    /**
     * The key in a configuration file, and the option without its dashes.
     *
     * @return lower case, words joined by dashes
     */
    public String key() {
        return key;
    }

    /**
     * The environment variable.
     *
     * @return {@code QTOP_} and the key in capitals, words joined by underscores
     */
    public String variable() {
        return "QTOP_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * The value in force when nobody gives one.
     *
     * @return the default, or empty if the setting is off unless given
     */
    public Optional<String> defaultValue() {
        return Optional.ofNullable(defaultValue);
    }

    /**
     * What stands for the value in a help text.
     *
     * @return such as {@code FILE}
     */
    public String placeholder() {
        return placeholder;
    }

    /**
     * Tells whether the setting may be given several times, which adds to it.
     *
     * @return true if the values are joined by commas
     */
    public boolean isList() {
        return this == LISTEN || this == ALLOW || this == SEED_SOURCE;
    }

    /**
     * Tells whether the option may stand alone, which means yes.
     *
     * @return true for {@code yes} or {@code no}
     */
    public boolean isSwitch() {
        return placeholder.equals("yes|no");
    }

    /**
     * What the setting does, with unit and range.
     *
     * @return one line
     */
    public String meaning() {
        return meaning;
    }

    /**
     * Finds a setting by its key.
     *
     * @param key as in a configuration file
     * @return the setting, or empty
     */
    public static Optional<Setting> byKey(String key) {
        for (Setting setting : values()) {
            if (setting.key.equals(key)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }
}
