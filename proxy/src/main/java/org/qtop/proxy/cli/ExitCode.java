package org.qtop.proxy.cli;

/** The exit codes of qtop. */
public enum ExitCode {
    /** All is well; a run ended because it was asked to. */
    OK(0, "all is well; a run ended because it was asked to (SIGTERM and Ctrl-C included)"),
    /** The verifier found a violation, a demo came out wrong, or a check of doctor failed. */
    FAILED(1, "the verifier found a violation, the demo came out wrong, or a check of doctor failed"),
    /** A wrong option or setting. */
    USAGE(2, "an option, environment variable or line of the configuration file is wrong"),
    /** The listening address cannot be used. */
    LISTEN(3, "--listen is taken by another program, or cannot be used"),
    /** Tor cannot be reached. */
    TOR_UNREACHABLE(4, "the SOCKS or control port named for Tor does not answer"),
    /** Tor's control port refused the login. */
    CONTROL_LOGIN(5, "the control port refuses the login (password, cookie)"),
    /** qtop's own Tor, or the private network, did not start. */
    TOR_START(6, "the Tor or the private network that qtop starts did not come up"),
    /** A file cannot be read or written. */
    FILE(7, "a file cannot be read or written"),
    /** No qtop answers. */
    NOT_RUNNING(8, "no qtop tells its status at the address that was asked"),
    /** The control port lets us in, but not steer streams. */
    CONTROL_FORBIDS(9, "the control port lets qtop in, but not steer streams (a filter answers 510)"),
    /** A fault of qtop's own. */
    INTERNAL(70, "a fault of qtop's own; the stack trace says where");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /**
     * The number that the operating system sees.
     *
     * @return 0 to 125
     */
    public int code() {
        return code;
    }

    /**
     * When a command ends with it.
     *
     * @return one line
     */
    public String meaning() {
        return meaning;
    }
}
