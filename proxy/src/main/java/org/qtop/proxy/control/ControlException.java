package org.qtop.proxy.control;

import java.util.Objects;

/**
 * Says why the control port could not be used, in one line that names the value at fault and the cure.
 *
 * <p>The message holds no password, cookie, target or login.
 */
public final class ControlException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What went wrong, for callers that must choose what to do. */
    public enum Kind {
        /** Nothing listens at the address, or it cannot be reached. */
        REFUSED,
        /** Something answers that does not speak the control protocol. */
        NOT_CONTROL,
        /** No answer within the time limit. */
        TIMED_OUT,
        /** Tor wants its cookie, and its file cannot be read or is no cookie. */
        COOKIE_UNREADABLE,
        /** Tor wants a password and none was given, or its file cannot be read. */
        PASSWORD_MISSING,
        /** Tor did not take the password. */
        PASSWORD_WRONG,
        /** Tor offers no way of logging in that this version knows. */
        NO_METHOD,
        /** Tor, or what stands in for it, refused the login for another reason. */
        LOGIN_REFUSED,
        /** There is no connection at the moment, or it broke before the reply. */
        LOST,
        /** Tor answered the command with an error code. */
        COMMAND_REFUSED,
        /** Too many commands wait for their replies already. */
        OVERLOADED
    }

    private final Kind kind;
    private final int code;

    ControlException(Kind kind, String message) {
        this(kind, 0, message, null);
    }

    ControlException(Kind kind, String message, Throwable cause) {
        this(kind, 0, message, cause);
    }

    ControlException(Kind kind, int code, String message, Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.code = code;
    }

    /**
     * What went wrong.
     *
     * @return never null
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Tor's reply code.
     *
     * @return three digits, 400 to 599, if Tor answered with an error; else 0
     */
    public int code() {
        return code;
    }
}
