package org.qtop.proxy.control;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Where Tor's control port is, what we may log in with, and how long to wait. Immutable; holds no secret, only the
 * names of files that are read at each login.
 *
 * @param address an {@link InetSocketAddress}, resolved or not, or a {@link UnixDomainSocketAddress}
 * @param cookieFile read instead of the file that Tor names, if given
 * @param passwordFile holds the password, with or without a line end; if given, a password is tried before anything
 *     else
 * @param connectLimit for connecting and logging in together, 1 ms to 1 h; default 10 s
 * @param commandLimit for each reply, 1 ms to 1 h; when it passes, the connection is closed and built anew; default 10
 *     s
 * @param minBackOff the pause before the first attempt to come back, 1 ms to 1 h; default 100 ms
 * @param maxBackOff the longest pause between two attempts, at least {@code minBackOff}, to 1 h; default 5 s
 */
public record ControlSettings(SocketAddress address, Optional<Path> cookieFile, Optional<Path> passwordFile,
        Duration connectLimit, Duration commandLimit, Duration minBackOff, Duration maxBackOff) {

    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MOST = Duration.ofHours(1);

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException naming the value that is out of its range, and the range
     */
    public ControlSettings {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(cookieFile, "cookieFile");
        Objects.requireNonNull(passwordFile, "passwordFile");
        if (!(address instanceof InetSocketAddress) && !(address instanceof UnixDomainSocketAddress)) {
            throw new IllegalArgumentException("control port " + address + ": must be host:port or a Unix socket");
        }
        check("connectLimit", connectLimit, LEAST);
        check("commandLimit", commandLimit, LEAST);
        check("minBackOff", minBackOff, LEAST);
        check("maxBackOff", maxBackOff, minBackOff);
    }

    /**
     * Settings with every default.
     *
     * @param address where Tor's control port is
     * @return the settings
     * @throws IllegalArgumentException if the address is of another kind than host:port or Unix socket
     */
    public static ControlSettings at(SocketAddress address) {
        return new ControlSettings(address, Optional.empty(), Optional.empty(), Duration.ofSeconds(10),
                Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofSeconds(5));
    }

    /**
     * The same with a cookie file of one's own choice.
     *
     * @param file read instead of the one that Tor names
     * @return new settings
     */
    public ControlSettings withCookieFile(Path file) {
        return new ControlSettings(address, Optional.of(file), passwordFile, connectLimit, commandLimit, minBackOff,
                maxBackOff);
    }

    /**
     * The same with a password.
     *
     * @param file holds the password
     * @return new settings
     */
    public ControlSettings withPasswordFile(Path file) {
        return new ControlSettings(address, cookieFile, Optional.of(file), connectLimit, commandLimit, minBackOff,
                maxBackOff);
    }

    /**
     * The same with other time limits.
     *
     * @param connect for connecting and logging in together, 1 ms to 1 h
     * @param command for each reply, 1 ms to 1 h
     * @return new settings
     * @throws IllegalArgumentException naming the value that is out of its range
     */
    public ControlSettings withLimits(Duration connect, Duration command) {
        return new ControlSettings(address, cookieFile, passwordFile, connect, command, minBackOff, maxBackOff);
    }

    /**
     * The same with other pauses between attempts.
     *
     * @param min before the first attempt, 1 ms to 1 h
     * @param max the longest pause, {@code min} to 1 h
     * @return new settings
     * @throws IllegalArgumentException naming the value that is out of its range
     */
    public ControlSettings withBackOff(Duration min, Duration max) {
        return new ControlSettings(address, cookieFile, passwordFile, connectLimit, commandLimit, min, max);
    }

    /**
     * The address as people write it.
     *
     * @return {@code host:port}, {@code [host]:port} or {@code unix:path}
     */
    public String addressText() {
        if (address instanceof InetSocketAddress inet) {
            String host = inet.getHostString();
            return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + inet.getPort();
        }
        return "unix:" + ((UnixDomainSocketAddress) address).getPath();
    }

    private static void check(String name, Duration value, Duration least) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(least) < 0 || value.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(name + " " + value + ": must be from " + least + " to " + MOST);
        }
    }
}
