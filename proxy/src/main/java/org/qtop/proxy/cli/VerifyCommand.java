package org.qtop.proxy.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.qtop.proxy.audit.JournalCheck;
import org.qtop.proxy.config.ConfigFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code qtop verify FILE}: checks a journal. */
@Command(name = "verify", mixinStandardHelpOptions = true,
        description = "Check a journal: circuits, streams, violations. Exit code 1 if there is a violation.")
final class VerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "a journal that qtop run --journal FILE wrote")
    private Path file;

    @Override
    public Integer call() throws Failure {
        JournalCheck check;
        try {
            check = JournalCheck.of(file);
        } catch (IOException e) {
            throw new Failure(ExitCode.FILE, file + ": cannot be read (" + ConfigFile.reason(e)
                    + "); give a journal that qtop run --journal FILE wrote");
        }
        Console console = Console.standardOutput();
        check.findings().forEach(console::line);
        if (check.violations() > check.findings().size()) {
            console.line("... and " + (check.violations() - check.findings().size()) + " more");
        }
        console.line("circuits " + check.circuits() + ", streams " + check.streams() + " (" + check.unmatched()
                + " with stand-in identifiers), violations " + check.violations());
        return (check.violations() == 0 ? ExitCode.OK : ExitCode.FAILED).code();
    }
}
