package org.qtop.proxy.cli;

import java.io.PrintStream;

/** Prints for a person: plain lines, and a progress line that is rewritten where the terminal allows it. */
final class Console {

    private static final String ERASE_LINE = "\r\u001b[K";

    private static final int BAR_WIDTH = 30;

    private final PrintStream out;
    private final boolean rewrites;
    private String lastProgress = "";
    private boolean progressOpen;

    private Console(PrintStream out, boolean rewrites) {
        this.out = out;
        this.rewrites = rewrites;
    }

    /** Prints to standard output. */
    static Console standardOutput() {
        return new Console(System.out, System.console() != null);
    }

    /** Prints elsewhere. For tests. */
    static Console to(PrintStream out, boolean rewrites) {
        return new Console(out, rewrites);
    }

    /** Prints to standard error, so that standard output is left to a program. */
    static Console standardError() {
        return new Console(System.err, false);
    }

    synchronized void line(String text) {
        endProgress();
        out.println(text);
        out.flush();
    }

    /** A name in a column of its own, then its value. */
    void item(String name, String value) {
        line(String.format("  %-16s %s", name, value));
    }

    /** Shows how far something has come; the same text is not shown twice. */
    synchronized void progress(String text) {
        if (text.equals(lastProgress)) {
            return;
        }
        lastProgress = text;
        if (rewrites) {
            out.print(ERASE_LINE + "  " + text);
            progressOpen = true;
        } else {
            out.println("  " + text);
        }
        out.flush();
    }

    /** Shows a bar that fills, where the terminal can rewrite a line; elsewhere nothing. */
    synchronized void bar(String what, long done, long all) {
        if (rewrites) {
            int filled = (int) (done * BAR_WIDTH / all);
            progress(what + " [" + "#".repeat(filled) + "-".repeat(BAR_WIDTH - filled) + "] " + done * 100 / all + "%");
        }
    }

    private void endProgress() {
        if (progressOpen) {
            out.print(ERASE_LINE);
            progressOpen = false;
        }
    }
}
