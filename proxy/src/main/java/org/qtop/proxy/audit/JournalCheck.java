package org.qtop.proxy.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.qtop.engine.verify.ReleaseVerifier;
import org.qtop.engine.verify.Violation;

/**
 * The verdict on a journal file. Immutable.
 *
 * @param circuits how many paths the journal holds, that of unmatched streams included
 * @param streams how many releases
 * @param unmatched how many of them have stand-in identifiers
 * @param violations how many lines are rejected
 * @param findings the first rejected lines, each with its number and what is wrong
 */
public record JournalCheck(long circuits, long streams, long unmatched, long violations, List<String> findings) {

    /** How many findings are kept. */
    public static final int MOST_FINDINGS = 100;

    /**
     * Checks a file.
     *
     * @param file a journal
     * @return the verdict
     * @throws IOException if the file cannot be read
     */
    public static JournalCheck of(Path file) throws IOException {
        ReleaseVerifier verifier = new ReleaseVerifier();
        List<String> findings = new ArrayList<>();
        long unreadable = 0;
        long unmatched = 0;
        long lineNumber = 0;
        try (BufferedReader in = new BufferedReader(new java.io.InputStreamReader(Files.newInputStream(file),
                StandardCharsets.ISO_8859_1))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lineNumber++;
                try {
                    Release release = JournalLine.read(line);
                    unmatched += release.matched() ? 0 : 1;
                    Set<Violation> violations = verifier.check(release.record());
                    if (!violations.isEmpty()) {
                        note(findings, lineNumber, violations.toString());
                    }
                } catch (IllegalArgumentException e) {
                    unreadable++;
                    note(findings, lineNumber, e.getMessage());
                }
            }
        }
        return new JournalCheck(verifier.circuits(), verifier.releases(), unmatched,
                verifier.violations() + unreadable, List.copyOf(findings));
    }

    private static void note(List<String> findings, long lineNumber, String what) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add("line " + lineNumber + ": " + what);
        }
    }
}
