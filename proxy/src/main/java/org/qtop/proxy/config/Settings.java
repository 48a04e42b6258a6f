package org.qtop.proxy.config;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings of one run, checked. Immutable.
 *
 * @param listen where applications connect, at least one
 * @param allow whose connections are accepted besides this machine's own
 * @param torSocks Tor's SOCKS port
 * @param torHttp Tor's HTTPTunnelPort; empty for {@code none}
 * @param torControl Tor's control port; empty for {@code none}
 * @param controlCookie cookie file of the control port, if given
 * @param controlPasswordFile password file of the control port, if given
 * @param network which network
 * @param dataDir state folder of the Tor that qtop starts itself
 * @param minHoldNanos shortest hold in nanoseconds, 0 to 60 s
 * @param maxHoldNanos longest hold in nanoseconds, {@code minHoldNanos} to 60 s
 * @param meanHoldNanos mean of the exponential law, counted from {@code minHoldNanos}; 0 means the uniform law
 * @param holdAt where a stream is held
 * @param seeds size of the seed cache, 100,000 to 10,000,000
 * @param seedSource the seed sources in order, joined by commas: {@code os}, {@code outshift}, {@code anu},
 *     {@code device:PATH} or {@code file:PATH}
 * @param seedAccess how hosted seed sources are reached
 * @param journal file to append releases to, if given
 * @param onViolation what follows when the verifier rejects a release
 * @param refuseWithoutControl whether new streams are refused while the control port is lost
 * @param maxStreams streams at once, 1 to 1,000,000
 * @param drainNanos how long open streams may go on after a stop was asked for, 0 to 1 h
 * @param statusListen where the status is told, a TCP or Unix socket address; empty for {@code none}
 * @param logLevel error, warn, info, debug or trace
 * @param logFormat text or json
 * @param given the settings that somebody gave, as against those left at their defaults
 */
public record Settings(List<Listen> listen, List<AddressRange> allow, SocketAddress torSocks,
        Optional<SocketAddress> torHttp, Optional<SocketAddress> torControl,
        Optional<Path> controlCookie, Optional<Path> controlPasswordFile,
        Network network, Path dataDir, long minHoldNanos, long maxHoldNanos, long meanHoldNanos, HoldAt holdAt,
        int seeds, String seedSource, SeedAccess seedAccess, Optional<Path> journal, OnViolation onViolation,
        boolean refuseWithoutControl, int maxStreams, long drainNanos, Optional<SocketAddress> statusListen,
        String logLevel, String logFormat, Set<Setting> given) {

    /** Which Tor network streams go through. */
    public enum Network {
        /** The one on the internet. */
        PUBLIC,
        /** One on loopback that qtop starts for itself. */
        PRIVATE
    }

    /**
     * How hosted seed sources are reached. Immutable.
     *
     * @param keyFile file that holds their keys, if given
     * @param dailyBits raw bits drawn from each in a day, 10,000 or more
     * @param viaTor whether through Tor
     */
    public record SeedAccess(Optional<Path> keyFile, int dailyBits, boolean viaTor) {
    }

    /** The longest hold, 60 s: half of Tor's SocksTimeout, so that a held stream is never timed out by Tor. */
    public static final long LONGEST_HOLD_NANOS = 60_000_000_000L;
    /** The longest time to drain, one hour. */
    public static final long LONGEST_DRAIN_NANOS = 3_600_000_000_000L;
    /** Fewest raw bits a day that a hosted source is of use with: its start-up tests alone take 8,192. */
    public static final int LEAST_DAILY_BITS = 10_000;
    /** Most raw bits a day from a hosted source. */
    public static final int MOST_DAILY_BITS = 999_999_999;
    /** Smallest seed cache. */
    public static final int LEAST_SEEDS = 100_000;
    /** Largest seed cache. */
    public static final int MOST_SEEDS = 10_000_000;
    /** Most streams at once. */
    public static final int MOST_STREAMS = 1_000_000;

    private static final long DEFAULT_MEAN_DIVISOR = 4;

    /**
     * Checks values and fills in the defaults.
     *
     * @param values the settings that somebody gave, as text
     * @param environment where XDG_STATE_HOME and HOME are looked up
     * @return the settings in force
     * @throws SettingException if a value is wrong, or two do not fit each other
     */
    public static Settings of(Map<Setting, String> values, Map<String, String> environment) throws SettingException {
        Reader in = new Reader(values);
        long min = in.time(Setting.MIN_HOLD, LONGEST_HOLD_NANOS, "60s");
        long max = in.time(Setting.MAX_HOLD, LONGEST_HOLD_NANOS, "60s");
        if (min > max) {
            throw SettingException.bad("--min-hold " + in.text(Setting.MIN_HOLD) + " is above --max-hold "
                    + in.text(Setting.MAX_HOLD) + ": make the shortest hold at most the longest");
        }
        HoldAt holdAt = HoldAt.valueOf(in.oneOf(Setting.HOLD_AT, "request", "attach", "reply")
                .toUpperCase(Locale.ROOT));
        if (holdAt == HoldAt.ATTACH && in.addressOrNone(Setting.TOR_CONTROL).isEmpty()) {
            throw SettingException.bad("--hold-at attach steers Tor through its control port, but --tor-control is"
                    + " none: give the address of the control port, or hold at request");
        }
        boolean refuse = in.oneOf(Setting.WITHOUT_CONTROL, "hold", "refuse").equals("refuse");
        if (refuse && in.addressOrNone(Setting.TOR_CONTROL).isEmpty()) {
            throw SettingException.bad("--without-control refuse would refuse every stream, for --tor-control is none:"
                    + " give the address of the control port, or hold without it");
        }
        Network network = Network.valueOf(in.oneOf(Setting.NETWORK, "public", "private").toUpperCase(Locale.ROOT));
        Set<Setting> given = values.isEmpty() ? EnumSet.noneOf(Setting.class) : EnumSet.copyOf(values.keySet());
        checkPrivate(network, given);
        in.checkListeners(network);
        Optional<Path> dataDir = in.path(Setting.DATA_DIR);
        return new Settings(in.listen(), in.allow(), in.address(Setting.TOR_SOCKS),
                in.addressOrNone(Setting.TOR_HTTP), in.addressOrNone(Setting.TOR_CONTROL),
                in.file(Setting.CONTROL_COOKIE), in.file(Setting.CONTROL_PASSWORD_FILE), network,
                dataDir.orElseGet(() -> defaultDataDir(environment)), min, max,
                in.mean(max - min), holdAt, in.count(Setting.SEEDS, LEAST_SEEDS, MOST_SEEDS), in.seedSource(),
                in.seedAccess(network), in.path(Setting.JOURNAL), in.onViolation(),
                refuse,
                in.count(Setting.MAX_STREAMS, 1, MOST_STREAMS), in.time(Setting.DRAIN, LONGEST_DRAIN_NANOS, "1h"),
                in.status(), in.oneOf(Setting.LOG_LEVEL, "error", "warn", "info", "debug", "trace"),
                in.oneOf(Setting.LOG_FORMAT, "text", "json"), Set.copyOf(given));
    }

    private static void checkPrivate(Network network, Set<Setting> given) throws SettingException {
        if (network == Network.PRIVATE) {
            for (Setting setting : List.of(Setting.TOR_SOCKS, Setting.TOR_HTTP, Setting.TOR_CONTROL,
                    Setting.CONTROL_COOKIE, Setting.CONTROL_PASSWORD_FILE)) {
                if (given.contains(setting)) {
                    throw SettingException.bad("--" + setting.key() + " names a Tor, but --network private brings its"
                            + " own: leave one of them out");
                }
            }
        }
    }

    private static Path defaultDataDir(Map<String, String> environment) {
        String state = environment.get("XDG_STATE_HOME");
        if (state != null && Path.of(state).isAbsolute()) {
            return Path.of(state, "qtop");
        }
        return Path.of(environment.getOrDefault("HOME", "."), ".local", "state", "qtop");
    }

    /**
     * The law of the holds, as the engine's text for it.
     *
     * @return such as {@code uniform:100000:10000000}
     */
    public String law() {
        return meanHoldNanos == 0 ? "uniform:" + minHoldNanos + ":" + maxHoldNanos
                : "exponential:" + minHoldNanos + ":" + maxHoldNanos + ":" + meanHoldNanos;
    }

    /**
     * Tells whether somebody named the Tor to use, so that qtop must not start another instead.
     *
     * @return true if any setting of Tor's ports or login was given
     */
    public boolean torGiven() {
        return given.contains(Setting.TOR_SOCKS) || given.contains(Setting.TOR_HTTP)
                || given.contains(Setting.TOR_CONTROL) || given.contains(Setting.CONTROL_COOKIE)
                || given.contains(Setting.CONTROL_PASSWORD_FILE)
                || listen.stream().anyMatch(listener -> listener.tor().isPresent());
    }

    /**
     * The seed sources in order.
     *
     * @return at least one; {@code os} alone means none besides the operating system's generator
     */
    public List<String> seedSources() {
        return List.of(seedSource.split(","));
    }

    /** Reads each kind of value, or says what would be right. */
    private record Reader(Map<Setting, String> values) {

        String text(Setting setting) {
            return values.getOrDefault(setting, setting.defaultValue().orElse(""));
        }

        long time(Setting setting, long most, String mostText) throws SettingException {
            String text = text(setting);
            Optional<Long> nanos = Values.nanos(text).filter(value -> value <= most);
            return nanos.orElseThrow(() -> SettingException.badValue(setting, text,
                    "give a time from 0 to " + mostText + ", such as 0.1ms, 250us or 2s"));
        }

        int count(Setting setting, int least, int most) throws SettingException {
            String text = text(setting);
            if (text.matches("\\d{1,9}")) {
                int value = Integer.parseInt(text);
                if (value >= least && value <= most) {
                    return value;
                }
            }
            throw SettingException.badValue(setting, text, "give a whole number from " + least + " to " + most);
        }

        String oneOf(Setting setting, String... words) throws SettingException {
            String text = text(setting);
            if (Arrays.asList(words).contains(text)) {
                return text;
            }
            throw SettingException.badValue(setting, text,
                    "give " + Arrays.stream(words).collect(Collectors.joining(" or ")));
        }

        SocketAddress address(Setting setting) throws SettingException {
            String text = text(setting);
            return Values.socket(text)
                    .filter(address -> !(address instanceof InetSocketAddress inet) || inet.getPort() > 0)
                    .orElseThrow(() -> SettingException.badValue(setting, text, "give an IP address and a port from 1"
                            + " to 65535, such as 127.0.0.1:9050 or [::1]:9050, or unix:/path"));
        }

        List<Listen> listen() throws SettingException {
            return Listen.read(text(Setting.LISTEN));
        }

        List<AddressRange> allow() throws SettingException {
            String text = text(Setting.ALLOW);
            List<AddressRange> ranges = new ArrayList<>();
            for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
                ranges.add(AddressRange.of(part).orElseThrow(() -> SettingException.badValue(Setting.ALLOW, text,
                        "give networks such as 192.168.1.0/24 or fd00::/8, or single addresses, joined by commas")));
            }
            return List.copyOf(ranges);
        }

        void checkListeners(Network network) throws SettingException {
            String text = text(Setting.LISTEN);
            for (Listen listen : listen()) {
                if (!listen.local() && allow().isEmpty()) {
                    throw SettingException.badValue(Setting.LISTEN, text, "anybody who reaches this port can use your"
                            + " Tor; give a loopback address, such as 127.0.0.1:9150, or say with --allow whose"
                            + " connections are accepted, such as --allow 192.168.1.0/24");
                }
                if (listen.tor().isPresent() && network == Network.PRIVATE) {
                    throw SettingException.badValue(Setting.LISTEN, text, "names a port of Tor, but --network private"
                            + " brings a Tor of its own: leave one of them out");
                }
            }
        }

        Optional<SocketAddress> addressOrNone(Setting setting) throws SettingException {
            return text(setting).equals("none") ? Optional.empty() : Optional.of(address(setting));
        }

        Optional<SocketAddress> status() throws SettingException {
            String text = text(Setting.STATUS_LISTEN);
            if (text.equals("none")) {
                return Optional.empty();
            }
            return Optional.of(Values.socket(text).orElseThrow(() -> SettingException.badValue(Setting.STATUS_LISTEN,
                    text, "give an IP address and a port, such as 127.0.0.1:9152, or unix:/path, or none")));
        }

        long mean(long rangeNanos) throws SettingException {
            String text = text(Setting.DISTRIBUTION);
            if (text.equals("uniform")) {
                return 0;
            }
            String wanted = "give uniform, exponential or exponential:MEAN, such as exponential:3ms";
            if (text.equals("exponential")) {
                return Math.max(1, rangeNanos / DEFAULT_MEAN_DIVISOR);
            }
            if (!text.startsWith("exponential:")) {
                throw SettingException.badValue(Setting.DISTRIBUTION, text, wanted);
            }
            return Values.nanos(text.substring("exponential:".length()))
                    .filter(nanos -> nanos > 0 && nanos <= LONGEST_HOLD_NANOS)
                    .orElseThrow(() -> SettingException.badValue(Setting.DISTRIBUTION, text, wanted));
        }

        String seedSource() throws SettingException {
            return SeedSourceList.read(text(Setting.SEED_SOURCE)).stream().collect(Collectors.joining(","));
        }

        SeedAccess seedAccess(Network network) throws SettingException {
            boolean viaTor = oneOf(Setting.SEED_VIA_TOR, "yes", "no").equals("yes");
            if (viaTor && network == Network.PRIVATE) {
                throw SettingException.bad("--seed-via-tor leads nowhere with --network private, which does not reach"
                        + " the internet: leave one of them out");
            }
            return new SeedAccess(file(Setting.SEED_KEY_FILE),
                    count(Setting.SEED_DAILY_BITS, LEAST_DAILY_BITS, MOST_DAILY_BITS), viaTor);
        }

        OnViolation onViolation() throws SettingException {
            OnViolation chosen = OnViolation.ofWord(oneOf(Setting.ON_VIOLATION, OnViolation.words()));
            if (chosen == OnViolation.CLOSE_CIRCUIT && text(Setting.TOR_CONTROL).equals("none")) {
                throw SettingException.bad("--on-violation close-circuit needs Tor's control port, but --tor-control is"
                        + " none: give its address, or count or refuse instead");
            }
            return chosen;
        }

        Optional<Path> path(Setting setting) throws SettingException {
            String text = values.get(setting);
            return text == null ? Optional.empty() : Optional.of(path(setting, text));
        }

        private static Path path(Setting setting, String text) throws SettingException {
            try {
                if (!text.isEmpty()) {
                    return Path.of(text);
                }
            } catch (InvalidPathException e) {
                // Answered below.
            }
            throw SettingException.badValue(setting, text, "give the name of a file or folder");
        }

        Optional<Path> file(Setting setting) throws SettingException {
            Optional<Path> path = path(setting);
            if (path.isPresent()) {
                readable("--" + setting.key() + " " + path.get(), path.get());
            }
            return path;
        }

    }

    static void readable(String what, Path path) throws SettingException {
        try (var in = Files.newInputStream(path)) {
            if (in.read() < 0) {
                throw SettingException.badFile(what, "the file is empty");
            }
        } catch (IOException e) {
            throw SettingException.badFile(what, "cannot be read (" + ConfigFile.reason(e)
                    + "); give a file that this user may read");
        }
    }
}
