package org.qtop.proxy.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.qtop.proxy.config.ConfigFile;
import org.qtop.proxy.config.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file to which releases are appended, readable by its owner alone. Confined to the lock of {@link Audit}. */
final class Journal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final Path file;
    /** Not a channel: an interrupt of the thread that writes would close it. */
    private final FileOutputStream out;
    /** One line, kept from one to the next: its parts were a sixth of what a stream leaves to the collector. */
    private final StringBuilder text = new StringBuilder();
    private byte[] bytes = {};

    private Journal(Path file, FileOutputStream out) {
        this.file = file;
        this.out = out;
    }

    static Journal open(Path file) throws SettingException {
        try {
            if (!Files.exists(file) && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(file,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            return new Journal(file, new FileOutputStream(file.toFile(), true));
        } catch (IOException e) {
            throw SettingException.badFile("--journal " + file, "cannot be written (" + ConfigFile.reason(e)
                    + "); give a file in a folder that this user may write");
        }
    }

    /**
     * Writes one line, whole or not at all.
     *
     * @throws IOException if it cannot be written, as on a full disk
     */
    void append(Release release) throws IOException {
        text.setLength(0);
        JournalLine.write(release, text);
        text.append('\n');
        int length = text.length();
        bytes = bytes.length < length ? new byte[length] : bytes;
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            takeBack(length);
            throw e;
        }
    }

    /** A full disk may have taken the first part of a line: the next would be written behind it. */
    private void takeBack(int most) {
        try (RandomAccessFile journal = new RandomAccessFile(file.toFile(), "rw")) {
            long length = journal.length();
            long end = length;
            while (end > 0 && length - end < most && !endsLine(journal, end)) {
                end--;
            }
            if (end < length && (end == 0 || endsLine(journal, end))) {
                journal.setLength(end);
            }
        } catch (IOException e) {
            LOG.warn("what the journal took of a line cannot be taken back ({})", e.getMessage());
        }
    }

    private static boolean endsLine(RandomAccessFile journal, long end) throws IOException {
        journal.seek(end - 1);
        return journal.read() == '\n';
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
