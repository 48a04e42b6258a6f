package org.qtop.proxy.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The process that listens on a TCP port, as Linux tells it. Immutable. Source: proc(5), {@code /proc/net/tcp}.
 *
 * @param pid its number
 * @param name its name, at most 15 characters
 */
record PortOwner(long pid, String name) {

    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    /** Finds it; empty if nobody listens, or if this user may not see who. */
    static Optional<PortOwner> of(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            try {
                Files.readAllLines(PROC.resolve(table)).stream().skip(1).map(line -> line.strip().split("\\s+"))
                        .filter(field -> field[STATE].equals(LISTENING)
                                && field[LOCAL].endsWith(String.format(Locale.ROOT, ":%04X", port)))
                        .forEach(field -> sockets.add("socket:[" + field[INODE] + "]"));
            } catch (IOException e) {
                // Not Linux, or no IPv6: nothing to be read there.
            }
        }
        return sockets.isEmpty() ? Optional.empty() : holder(sockets);
    }

    private static Optional<PortOwner> holder(Set<String> sockets) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    return Optional.of(new PortOwner(Long.parseLong(process.getFileName().toString()),
                            Files.readString(process.resolve("comm")).strip()));
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (Files.isSymbolicLink(file) && sockets.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
        } catch (IOException e) {
            // A process of another user, or one that has just ended.
            return false;
        }
        return false;
    }

    /** For a person. */
    String text() {
        return name + " (process " + pid + ")";
    }

    /** Whether it is a tor, Tor Browser's own included. */
    boolean isTor() {
        return name.equals("tor") || name.startsWith("tor.");
    }
}
