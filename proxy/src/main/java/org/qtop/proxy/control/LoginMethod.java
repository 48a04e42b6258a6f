package org.qtop.proxy.control;

import java.util.Optional;

/** A way of logging in to Tor's control port. Source: Tor control-spec, "PROTOCOLINFO", the values of METHODS. */
public enum LoginMethod {
    /** Tor asks for nothing. */
    NULL("none"),
    /** The cookie file's content is proved to both sides without being sent. */
    SAFECOOKIE("safe cookie"),
    /** The cookie file's content is sent. */
    COOKIE("cookie"),
    /** A password that Tor keeps a hash of. */
    HASHEDPASSWORD("password");

    private final String words;

    LoginMethod(String words) {
        this.words = words;
    }

    /**
     * Finds the method that Tor calls by this name.
     *
     * @param name a value of METHODS
     * @return the method, or empty if this version does not know it
     */
    static Optional<LoginMethod> named(String name) {
        for (LoginMethod method : values()) {
            if (method.name().equals(name)) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }

    /**
     * The method in words for people.
     *
     * @return {@code none}, {@code safe cookie}, {@code cookie} or {@code password}
     */
    @Override
    public String toString() {
        return words;
    }
}
