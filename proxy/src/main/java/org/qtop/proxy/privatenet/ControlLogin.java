package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.qtop.proxy.privatenet.TorStartException.Reason;

/**
 * How a client of the private network lets a controller in (control-spec, section 3.24). Immutable.
 *
 * @param method the way
 * @param password the password; empty unless the way is {@link Method#PASSWORD}
 */
public record ControlLogin(Method method, String password) {
    /** The ways to log in to a control port. */
    public enum Method {
        /** Anybody may. */
        NONE,
        /** Who can read the cookie file may, by cookie or safe cookie. */
        COOKIE,
        /** Who knows the password may. */
        PASSWORD
    }

    /**
     * Anybody may control the client.
     *
     * @return the login
     */
    public static ControlLogin none() {
        return new ControlLogin(Method.NONE, "");
    }

    /**
     * Who can read the cookie file may control the client, by cookie or safe cookie.
     *
     * @return the login
     */
    public static ControlLogin cookie() {
        return new ControlLogin(Method.COOKIE, "");
    }

    /**
     * Who knows the password may control the client.
     *
     * @param password the password, not empty
     * @return the login
     */
    public static ControlLogin withPassword(String password) {
        if (password.isEmpty()) {
            throw new IllegalArgumentException("the control password is empty");
        }
        return new ControlLogin(Method.PASSWORD, password);
    }

    /** The lines of torrc for this login; tor itself hashes a password. */
    List<String> lines(Path scratch, Deadline deadline) throws IOException, InterruptedException {
        return switch (method) {
            case NONE -> List.of("CookieAuthentication 0");
            case COOKIE -> List.of("CookieAuthentication 1");
            case PASSWORD -> List.of("HashedControlPassword " + hash(scratch, deadline));
        };
    }

    private String hash(Path scratch, Deadline deadline) throws IOException, InterruptedException {
        List<String> arguments = List.of("--hush", "--hash-password", password);
        try (Command command = Command.start(TorPrograms.tor(), arguments, scratch, "")) {
            return command.finish(deadline).lines().map(String::strip).filter(line -> line.startsWith("16:"))
                    .findFirst()
                    .orElseThrow(() -> new TorStartException(Reason.ENDED, "tor --hash-password gave no hash"));
        }
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "ControlLogin[" + method + "]";
    }
}
