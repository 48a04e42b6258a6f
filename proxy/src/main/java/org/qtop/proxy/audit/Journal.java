package org.qtop.proxy.audit;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.qtop.proxy.config.ConfigFile;
import org.qtop.proxy.config.SettingException;

/** A file to which releases are appended, readable by its owner alone. Confined to the lock of {@link Audit}. */
final class Journal implements AutoCloseable {

    private final BufferedWriter out;

    private Journal(BufferedWriter out) {
        this.out = out;
    }

    static Journal open(Path file) throws SettingException {
        try {
            if (!Files.exists(file) && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(file,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            return new Journal(Files.newBufferedWriter(file, StandardCharsets.US_ASCII, StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw SettingException.badFile("--journal " + file, "cannot be written (" + ConfigFile.reason(e)
                    + "); give a file in a folder that this user may write");
        }
    }

    void append(Release release) throws IOException {
        out.write(JournalLine.write(release));
        out.write('\n');
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
