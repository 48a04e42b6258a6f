package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A short text in a file that several processes may change in turn, forced to the disk. Thread-safe. */
final class Note {

    /** One block, so that a write is whole or not there. */
    private static final int MOST_BYTES = 512;
    /** A file lock is the process's: threads need one of their own. */
    private static final Object ONE_THREAD = new Object();

    private final Path file;

    /** What becomes of the text. */
    interface Change {
        /**
         * Changes the text.
         *
         * @param text what stands there; empty the first time
         * @return what shall stand there
         */
        String of(String text) throws IOException;
    }

    Note(Path file) {
        this.file = file;
    }

    /** Reads, and leaves everything as it is; empty if there is nothing. */
    String text() throws IOException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return read(channel);
        }
    }

    /** Reads, changes and writes, with nobody in between. */
    void change(Change change) throws IOException {
        synchronized (ONE_THREAD) {
            create();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS); FileLock lock = channel.lock()) {
                String before = read(channel);
                String after = change.of(before);
                if (!after.equals(before) && lock.isValid()) {
                    write(channel, after);
                }
            }
        }
    }

    private void create() throws IOException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            try {
                if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.createFile(file,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                } else {
                    Files.createFile(file);
                }
            } catch (java.nio.file.FileAlreadyExistsException e) {
                // Another process was faster.
            }
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES + 1);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // Until it is whole.
        }
        if (!bytes.hasRemaining()) {
            throw new IOException("the note is longer than any that qtop writes");
        }
        return StandardCharsets.US_ASCII.decode(bytes.flip()).toString().strip();
    }

    private static void write(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text + "\n");
        int length = bytes.remaining();
        channel.position(0);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.truncate(length);
        channel.force(true);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
