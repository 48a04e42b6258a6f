package org.qtop.proxy.plot;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes a picture as PNG, 8 bits a colour. Stateless. Source: W3C Portable Network Graphics, third edition. */
final class Png {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int CHANNELS = 3;
    private static final byte BITS = 8;
    private static final byte TRUE_COLOUR = 2;

    private Png() {
    }

    static byte[] of(Canvas canvas) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(canvas.width).putInt(canvas.height).put(BITS)
                .put(TRUE_COLOUR).array());
        chunk(out, "IDAT", deflated(rows(canvas)));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    /** Each row begins with its filter, here none. */
    private static byte[] rows(Canvas canvas) {
        ByteBuffer rows = ByteBuffer.allocate(canvas.height * (1 + canvas.width * CHANNELS));
        for (int y = 0; y < canvas.height; y++) {
            rows.put((byte) 0);
            for (int x = 0; x < canvas.width; x++) {
                int colour = canvas.pixel(x, y);
                rows.put((byte) (colour >> 16)).put((byte) (colour >> 8)).put((byte) colour);
            }
        }
        return rows.array();
    }

    private static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] part = new byte[8_192];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
    }
}
