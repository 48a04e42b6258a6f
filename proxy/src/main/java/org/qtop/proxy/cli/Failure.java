package org.qtop.proxy.cli;

import org.qtop.proxy.config.SettingException;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.intercept.InterceptException;
import org.qtop.proxy.privatenet.TorStartException;

/** A failure that a person can mend: one line and an exit code. */
final class Failure extends Exception {

    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    Failure(ExitCode exitCode, String line) {
        super(line);
        this.exitCode = exitCode;
    }

    static Failure of(SettingException e) {
        return new Failure(e.aboutFile() ? ExitCode.FILE : ExitCode.USAGE, e.getMessage());
    }

    static Failure of(ControlException e) {
        return new Failure(switch (e.kind()) {
            case COOKIE_UNREADABLE, PASSWORD_MISSING, PASSWORD_WRONG, NO_METHOD, LOGIN_REFUSED ->
                    ExitCode.CONTROL_LOGIN;
            default -> ExitCode.TOR_UNREACHABLE;
        }, e.getMessage());
    }

    static Failure of(InterceptException e) {
        return new Failure(e.kind() == InterceptException.Kind.FORBIDDEN ? ExitCode.CONTROL_FORBIDS
                : ExitCode.TOR_UNREACHABLE, e.getMessage());
    }

    static Failure of(TorStartException e) {
        Failure failure = new Failure(ExitCode.TOR_START, e.getMessage());
        return e.reason() == TorStartException.Reason.DATA_DIRECTORY ? failure.or("give another: --data-dir FOLDER")
                : failure;
    }

    /** The same with one more cure. */
    Failure or(String cure) {
        return new Failure(exitCode, getMessage() + "; or " + cure);
    }

    ExitCode exitCode() {
        return exitCode;
    }
}
