package org.qtop.bench.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

/** A file with one trace, in the form that the package's comment describes. Stateless. */
public final class TraceFile {

    private static final byte[] MAGIC = "qtoptrc1".getBytes(StandardCharsets.US_ASCII);

    private TraceFile() {
    }

    /**
     * Writes a trace.
     *
     * @param file where to; replaced if it is there
     * @param trace what
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Trace trace) throws IOException {
        byte[] body = new Octets().trace(trace).toArray();
        Files.write(file, ByteBuffer.allocate(MAGIC.length + body.length + Integer.BYTES)
                .put(MAGIC).put(body).putInt(crc(body)).array());
    }

    /**
     * Reads a trace.
     *
     * @param file a file that {@link #write} or another writer of the format made
     * @return the trace
     * @throws TraceException if it is of another format, cut off or damaged
     * @throws IOException if it cannot be read
     */
    public static Trace read(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        try {
            if (!startsWith(all, MAGIC)) {
                throw new TraceException("this is not a trace file: it does not begin with qtoptrc1");
            }
            if (all.length < MAGIC.length + Integer.BYTES) {
                throw new TraceException("the file is cut off after " + all.length + " octets");
            }
            byte[] body = Arrays.copyOfRange(all, MAGIC.length, all.length - Integer.BYTES);
            if (ByteBuffer.wrap(all).getInt(all.length - Integer.BYTES) != crc(body)) {
                throw new TraceException("the file is cut off or damaged: its check sum is wrong");
            }
            ByteBuffer from = ByteBuffer.wrap(body);
            Trace trace = Octets.readTrace(from);
            if (from.hasRemaining()) {
                throw new TraceException(from.remaining() + " octets follow the trace");
            }
            return trace;
        } catch (TraceException bad) {
            throw new TraceException(file + ": " + bad.getMessage());
        }
    }

    static boolean startsWith(byte[] all, byte[] magic) {
        return all.length >= magic.length && Arrays.equals(Arrays.copyOf(all, magic.length), magic);
    }

    static int crc(byte[] octets) {
        CRC32 sum = new CRC32();
        sum.update(octets);
        return (int) sum.getValue();
    }
}
