package org.qtop.proxy.privatenet;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of tor's log, taken apart: {@code Nov 22 13:03:25.000 [notice] Bootstrapped 5% (conn): Connecting ...}.
 *
 * <p>Formats read off tor 0.4.9 ({@code log.c}, {@code control_bootstrap.c}, {@code connection.c}). A line of another
 * form is kept whole under {@link Severity#OTHER}. Immutable.
 *
 * @param severity the severity tor gave it
 * @param text the message without date and severity
 */
public record TorLogLine(Severity severity, String text) {
    private static final Pattern LINE = Pattern.compile("\\w{3} \\d\\d [\\d:.]+ \\[(\\w+)] (.*)");
    private static final Pattern BOOTSTRAP = Pattern.compile("Bootstrapped (\\d{1,3})%(?: \\(([^)]*)\\))?: (.*)");
    private static final Pattern LISTENER =
            Pattern.compile("Opened (\\w+) listener connection \\(ready\\) on (\\S+):(\\d{1,5})");
    private static final Pattern VERSION = Pattern.compile("Tor (\\d\\S*) (?:\\(\\S+\\) )?running on .*");

    /** How grave a line is; tor's own words. */
    public enum Severity {
        /** Far more than a person wants. */
        DEBUG,
        /** More than a person wants. */
        INFO,
        /** Worth knowing. */
        NOTICE,
        /** Something is wrong. */
        WARN,
        /** Tor cannot go on. */
        ERR,
        /** The line is not of tor's form. */
        OTHER
    }

    /**
     * How far tor has come.
     *
     * @param percent 0 to 100; at 100 tor builds circuits
     * @param tag tor's short name of the phase, empty if it gave none
     * @param summary tor's description of the phase
     */
    public record Bootstrap(int percent, String tag, String summary) {
    }

    /**
     * A port that tor has opened.
     *
     * @param kind tor's word for it, such as {@code Socks}, {@code Control}, {@code OR}
     * @param address where it listens
     */
    public record Listener(String kind, InetSocketAddress address) {
    }

    /**
     * Takes a line apart; no line is refused.
     *
     * @param line a line of the log, without its end
     * @return its parts
     */
    public static TorLogLine parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return new TorLogLine(Severity.OTHER, line);
        }
        Severity severity = switch (matcher.group(1)) {
            case "debug" -> Severity.DEBUG;
            case "info" -> Severity.INFO;
            case "notice" -> Severity.NOTICE;
            case "warn" -> Severity.WARN;
            case "err" -> Severity.ERR;
            default -> Severity.OTHER;
        };
        return severity == Severity.OTHER ? new TorLogLine(severity, line) : new TorLogLine(severity, matcher.group(2));
    }

    /**
     * Reads the line as news of tor's bootstrap.
     *
     * @return how far tor has come, or empty if the line is about something else
     */
    public Optional<Bootstrap> bootstrap() {
        Matcher matcher = BOOTSTRAP.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int percent = Math.min(100, Integer.parseInt(matcher.group(1)));
        String tag = matcher.group(2) == null ? "" : matcher.group(2);
        return Optional.of(new Bootstrap(percent, tag, matcher.group(3)));
    }

    /**
     * Reads the line as news of a TCP port that tor has opened; Unix sockets are not reported.
     *
     * @return the port, or empty if the line is about something else
     */
    public Optional<Listener> listener() {
        Matcher matcher = LISTENER.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(matcher.group(3));
        String host = matcher.group(2);
        boolean literal = host.startsWith("[") || host.matches("[\\d.]+");
        if (port < 1 || port > 65535 || !literal) {
            return Optional.empty();
        }
        return Optional.of(new Listener(matcher.group(1), new InetSocketAddress(host, port)));
    }

    /**
     * Reads the line as tor's greeting.
     *
     * @return tor's version, such as {@code 0.4.9.11}, or empty if the line is about something else
     */
    public Optional<String> version() {
        Matcher matcher = VERSION.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /**
     * Tells whether the line speaks of something wrong.
     *
     * @return true for {@link Severity#WARN} and {@link Severity#ERR}
     */
    public boolean problem() {
        return severity == Severity.WARN || severity == Severity.ERR;
    }
}
