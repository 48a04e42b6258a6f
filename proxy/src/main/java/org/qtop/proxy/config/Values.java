package org.qtop.proxy.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes the values of settings: times, addresses. Stateless and thread-safe. */
public final class Values {

    private static final Pattern TIME = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(ns|us|µs|ms|s|m|h)?");
    /**
     * Four octets, or what {@link InetAddress#getByName} takes for an IPv6 address or for nothing: anything else it
     * would ask a name server for, 127.0.0.256 included.
     */
    private static final Pattern IP_LITERAL = Pattern.compile(
            "(?:(?:25[0-5]|2[0-4]\\d|[01]?\\d?\\d)(?:\\.(?!$)|$)){4}|(?=.*:)[0-9a-fA-F:][0-9a-fA-F:.]*");
    private static final long NANOS_PER_MICRO = 1_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final String UNIX = "unix:";
    private static final int MAX_PORT = 65_535;

    private Values() {
    }

    /**
     * Reads a time such as {@code 0.1ms}, {@code 250us}, {@code 2s}, or {@code 0}.
     *
     * @param text digits, optionally a fraction, and a unit (ns, us, ms, s, m, h); a unit may be missing after 0 only
     * @return nanoseconds, 0 or more; empty if the text is none of these, not whole nanoseconds, or too large
     */
    public static Optional<Long> nanos(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        if (matcher.group(2) == null) {
            return number.signum() == 0 ? Optional.of(0L) : Optional.empty();
        }
        try {
            BigDecimal nanos = number.multiply(BigDecimal.valueOf(nanosOf(matcher.group(2))));
            return Optional.of(nanos.setScale(0, RoundingMode.UNNECESSARY).longValueExact());
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "µs" -> NANOS_PER_MICRO;
            case "ms" -> NANOS_PER_MILLI;
            case "s" -> NANOS_PER_SECOND;
            case "m" -> 60 * NANOS_PER_SECOND;
            default -> 3_600 * NANOS_PER_SECOND;
        };
    }

    /**
     * Writes a time as a person would, in the largest unit that keeps it at 1 or above.
     *
     * @param nanos nanoseconds, 0 or more
     * @return such as {@code 0.1 ms}; exact
     */
    public static String time(long nanos) {
        if (nanos == 0) {
            return "0";
        }
        if (nanos < NANOS_PER_MICRO) {
            return nanos + " ns";
        }
        if (nanos < NANOS_PER_MILLI / 10) {
            return plain(nanos, NANOS_PER_MICRO) + " us";
        }
        return nanos < NANOS_PER_SECOND ? plain(nanos, NANOS_PER_MILLI) + " ms" : plain(nanos, NANOS_PER_SECOND) + " s";
    }

    private static String plain(long nanos, long unit) {
        return BigDecimal.valueOf(nanos).divide(BigDecimal.valueOf(unit)).stripTrailingZeros().toPlainString();
    }

    /**
     * Reads {@code HOST:PORT}, where HOST is an IP address, an IPv6 address in brackets, or {@code localhost}.
     *
     * @param text the address
     * @return the address, resolved without asking any name server; empty if the text is none of these
     */
    public static Optional<InetSocketAddress> address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            return Optional.empty();
        }
        return literal(host).map(address -> new InetSocketAddress(address, Integer.parseInt(port)));
    }

    /**
     * Reads {@code HOST:PORT} as {@link #address} does, or {@code unix:PATH} with an absolute path.
     *
     * @param text the address
     * @return the address; empty if the text is neither
     */
    public static Optional<SocketAddress> socket(String text) {
        if (!text.startsWith(UNIX)) {
            return address(text).map(address -> address);
        }
        try {
            return Optional.of(UnixDomainSocketAddress.of(text.substring(UNIX.length())))
                    .filter(address -> address.getPath().isAbsolute()).map(address -> address);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Writes a TCP or Unix socket address as a person would type it.
     *
     * @param address resolved, or a Unix socket
     * @return {@code 127.0.0.1:9152} or {@code unix:/path}
     */
    public static String text(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix ? UNIX + unix.getPath()
                : text((InetSocketAddress) address);
    }

    private static Optional<InetAddress> literal(String host) {
        String bare = host;
        if (host.startsWith("[") && host.endsWith("]")) {
            bare = host.substring(1, host.length() - 1);
        } else if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
            bare = "127.0.0.1";
        } else if (host.indexOf(':') >= 0) {
            return Optional.empty();
        }
        if (!IP_LITERAL.matcher(bare).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(bare));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /**
     * Writes an address as a person would type it.
     *
     * @param address resolved
     * @return {@code 127.0.0.1:9150} or {@code [::1]:9150}
     */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + compressed(host) + "]") + ":" + address.getPort();
    }

    private static String compressed(String ipv6) {
        return ipv6.equals("0:0:0:0:0:0:0:1") ? "::1" : ipv6.equals("0:0:0:0:0:0:0:0") ? "::" : ipv6;
    }
}
