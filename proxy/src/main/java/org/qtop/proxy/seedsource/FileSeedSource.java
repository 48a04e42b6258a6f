package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qtop.engine.seed.SeedSource;

/**
 * Recorded bytes, from the first to the last, each once, whatever runs and processes read them. Confined to one thread
 * at a time.
 *
 * <p>How many are used stands beside the file, in {@code PATH.used}, with a hash of the recording's first bytes: so a
 * longer recording under the same name goes on where the shorter one stopped, and another one is not taken for it.
 */
final class FileSeedSource implements SeedSource {

    private static final int HEAD_BYTES = 1024;
    private static final Pattern NOTE = Pattern.compile("used (\\d{1,18}) head (\\d{1,4}) ([0-9a-f]{64})");

    private final FileChannel recording;
    private final Note note;
    private final boolean lookOnly;
    private long looked;
    private long next;

    /** Opens a recording whose bytes shall be used. */
    FileSeedSource(Path file) throws IOException {
        this(file, false);
    }

    /**
     * Opens a recording.
     *
     * @param lookOnly whether nothing is noted as used, so that nothing that is read may become a seed
     * @throws IOException if it cannot be read, or what is used of it cannot be noted
     */
    FileSeedSource(Path file, boolean lookOnly) throws IOException {
        this.lookOnly = lookOnly;
        Path real = file.toRealPath();
        if (!Files.isRegularFile(real)) {
            throw new IOException("it is not a plain file; device:PATH reads a device");
        }
        note = new Note(real.resolveSibling(real.getFileName() + ".used"));
        recording = FileChannel.open(real, StandardOpenOption.READ);
        boolean kept = false;
        try {
            take(0);
            kept = true;
        } finally {
            if (!kept) {
                recording.close();
            }
        }
    }

    @Override
    public String name() {
        return "file";
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int taken = take(length);
        if (taken == 0) {
            return -1;
        }
        ByteBuffer bytes = ByteBuffer.wrap(into, offset, taken);
        readFully(bytes, next);
        return taken;
    }

    /** Notes as used what is about to be read; gives how many bytes there are, and leaves their place in next. */
    private int take(int length) throws IOException {
        int[] taken = new int[1];
        try {
            Note.Change reserve = text -> {
                long size = recording.size();
                String head = text.isEmpty() ? head((int) Math.min(HEAD_BYTES, size)) : checkedHead(text, size);
                next = (text.isEmpty() ? 0 : used(text)) + looked;
                taken[0] = (int) Math.max(0, Math.min(length, size - next));
                return "used " + (next + taken[0]) + " head " + head;
            };
            if (lookOnly) {
                reserve.of(note.text());
                looked += taken[0];
            } else {
                note.change(reserve);
            }
        } catch (IOException e) {
            throw new IOException("what is used of the recording cannot be noted in " + note + " (" + Reasons.of(e)
                    + ")", e);
        }
        return taken[0];
    }

    private static long used(String text) throws IOException {
        Matcher matcher = NOTE.matcher(text);
        if (!matcher.matches()) {
            throw new IOException("there is something else in it");
        }
        return Long.parseLong(matcher.group(1));
    }

    private String checkedHead(String text, long size) throws IOException {
        used(text);
        Matcher matcher = NOTE.matcher(text);
        matcher.matches();
        int length = Integer.parseInt(matcher.group(2));
        String head = length + " " + matcher.group(3);
        if (length > size || !head(length).equals(head)) {
            throw new IOException("it speaks of another recording: take it away only if this one was never used");
        }
        return head;
    }

    private String head(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        readFully(bytes, 0);
        try {
            return length + " " + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private void readFully(ByteBuffer bytes, long from) throws IOException {
        long position = from;
        while (bytes.hasRemaining()) {
            int read = recording.read(bytes, position);
            if (read < 0) {
                throw new IOException("the recording became shorter while it was read");
            }
            position += read;
        }
    }

    @Override
    public void close() throws IOException {
        recording.close();
    }
}
