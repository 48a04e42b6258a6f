package org.qtop.proxy.privatenet;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the programs of Debian's {@code tor} package.
 *
 * <p>Thread-safe; keeps nothing.
 */
public final class TorPrograms {
    private TorPrograms() {
    }

    /**
     * Finds {@code tor} on PATH, or in {@code /usr/sbin} and {@code /usr/local/sbin}, which a user's PATH often lacks.
     *
     * @return the program
     * @throws TorStartException if there is none ({@code PROGRAM_MISSING}); the message names the cure
     */
    public static Path tor() throws TorStartException {
        return require("tor", System.getenv("PATH"));
    }

    /**
     * Finds {@code tor-gencert}, which makes the certificates of directory authorities.
     *
     * @return the program
     * @throws TorStartException if there is none ({@code PROGRAM_MISSING}); the message names the cure
     */
    public static Path gencert() throws TorStartException {
        return require("tor-gencert", System.getenv("PATH"));
    }

    /**
     * Finds {@code setsid} of util-linux, which starts a program in a session of its own: Ctrl-C and a closed terminal
     * then reach us alone, and tor goes on until the open streams are done. It executes in place, so the process id is
     * still that of our child.
     */
    static Optional<Path> setsid() {
        return find("setsid", "/usr/bin:/bin");
    }

    static Path require(String name, String searchPath) throws TorStartException {
        String folders = searchPath == null ? "" : searchPath;
        return find(name, folders)
                .or(() -> find(name, "/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin"))
                .orElseThrow(() -> new TorStartException(TorStartException.Reason.PROGRAM_MISSING,
                        "the program " + name + " was not found; install it with: sudo apt-get install tor"));
    }

    static Optional<Path> find(String name, String searchPath) {
        for (String folder : searchPath.split(File.pathSeparator)) {
            try {
                Path program = Path.of(folder).resolve(name).toAbsolutePath();
                if (!folder.isEmpty() && Files.isRegularFile(program) && Files.isExecutable(program)) {
                    return Optional.of(program);
                }
            } catch (InvalidPathException unusable) {
                // A folder of PATH that is no path holds no program.
            }
        }
        return Optional.empty();
    }
}
