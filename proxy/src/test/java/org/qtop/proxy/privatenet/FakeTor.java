package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Shell scripts that stand in for tor: they log what a test wants and then do as it says. */
final class FakeTor {
    /** Goes on until it is signalled. */
    static final String STAY = "exec sleep 600";
    /** Does not hear SIGTERM. */
    static final String IGNORE_TERM = "while :; do sleep 0.1; done";

    private FakeTor() {
    }

    static Path make(Path folder, String last, String... log) throws IOException {
        // Before the first line of log: a test may signal as soon as it has read that.
        String first = last.equals(IGNORE_TERM) ? "trap '' TERM\n" : "";
        StringBuilder script = new StringBuilder("#!/bin/sh\n").append(first);
        for (String line : log) {
            script.append("echo 'Nov 22 13:09:31.520 ").append(line.replace("'", "'\\''")).append("'\n");
        }
        Path program = folder.resolve("tor");
        Files.writeString(program, script.append(last).append('\n'));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program;
    }
}
