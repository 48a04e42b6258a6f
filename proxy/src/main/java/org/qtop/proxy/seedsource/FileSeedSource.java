package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.qtop.engine.seed.SeedSource;

/**
 * Recorded bytes, from the first to the last, each once in a run. Confined to one thread at a time.
 */
public final class FileSeedSource implements SeedSource {

    private final InputStream in;

    /**
     * Opens a file.
     *
     * @param file recorded raw bytes
     * @throws IOException if it cannot be read
     */
    public FileSeedSource(Path file) throws IOException {
        in = Files.newInputStream(file);
    }

    @Override
    public String name() {
        return "file";
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return in.read(into, offset, length);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
