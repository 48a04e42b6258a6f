package org.qtop.proxy.privatenet;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Folders that only we may read, and the removal of those that a killed qtop left behind.
 *
 * <p>Links are never followed, so nothing outside a folder of ours is ever deleted. Thread-safe.
 */
final class Folders {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Pattern NETWORK = Pattern.compile("qtop-net-(\\d{1,18})-\\d+");
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Folders() {
    }

    /** Makes a folder with mode 0700, as tor demands, and its parents; one that is there gets that mode. */
    static void makePrivate(Path folder) throws IOException {
        if (folder.getParent() != null) {
            Files.createDirectories(folder.getParent());
        }
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(folder)) {
                throw there;
            }
            Files.setPosixFilePermissions(folder, PRIVATE);
        }
    }

    /** Makes a new folder for a network, named after our process so that {@link #sweep} can tell whose it is. */
    static Path makeForNetwork(Path parent) throws IOException {
        Files.createDirectories(parent);
        while (true) {
            Path folder = parent.toAbsolutePath().normalize()
                    .resolve("qtop-net-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
            try {
                return Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
            } catch (FileAlreadyExistsException leftByAnEarlierProcessOfThisId) {
                // The next number will do.
            }
        }
    }

    /** Deletes the networks' folders of our own user whose process is dead. */
    static void sweep(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return;
        }
        String user = System.getProperty("user.name");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, "qtop-net-*")) {
            for (Path entry : entries) {
                Matcher matcher = NETWORK.matcher(entry.getFileName().toString());
                if (matcher.matches() && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                        && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty()
                        && Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).getName().equals(user)) {
                    delete(entry);
                }
            }
        } catch (NoSuchFileException sweptByAnother) {
            // Another qtop is at the same work.
        }
    }

    /** Deletes a folder and all in it; what vanishes meanwhile is taken for deleted. */
    static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, IOException failure) throws IOException {
                if (failure != null && !(failure instanceof NoSuchFileException)) {
                    throw failure;
                }
                Files.deleteIfExists(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
