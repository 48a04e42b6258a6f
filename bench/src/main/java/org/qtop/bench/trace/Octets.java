package org.qtop.bench.trace;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The numbers and traces of this room's files (see the package's comment). Confined to one thread. */
final class Octets {

    private static final int PAYLOAD_BITS = 7;
    private static final int MORE = 0x80;
    private static final int LOW = 0x7f;
    private static final int LONG_BITS = 64;
    /** A chunk takes two octets or more: a count that is larger than that is wrong, and is not allocated for. */
    private static final int LEAST_CHUNK_OCTETS = 2;

    private byte[] octets = new byte[1 << 12];
    private int size;

    /** What was written so far. */
    byte[] toArray() {
        return Arrays.copyOf(octets, size);
    }

    Octets number(long value) {
        if (size + 10 > octets.length) {
            octets = Arrays.copyOf(octets, 2 * octets.length);
        }
        long left = value;
        while ((left & ~LOW) != 0) {
            octets[size++] = (byte) (left & LOW | MORE);
            left >>>= PAYLOAD_BITS;
        }
        octets[size++] = (byte) left;
        return this;
    }

    Octets signed(long value) {
        return number(value << 1 ^ value >> LONG_BITS - 1);
    }

    Octets trace(Trace trace) {
        number(trace.size());
        long before = trace.size() == 0 ? 0 : trace.nanos(0);
        if (trace.size() > 0) {
            signed(before);
        }
        for (int i = 0; i < trace.size(); i++) {
            number(trace.nanos(i) - before);
            number(2L * trace.bytes(i) + (trace.isUpstream(i) ? 1 : 0));
            before = trace.nanos(i);
        }
        return this;
    }

    static long readNumber(ByteBuffer from) throws TraceException {
        long value = 0;
        for (int shift = 0; shift < LONG_BITS; shift += PAYLOAD_BITS) {
            if (!from.hasRemaining()) {
                throw new TraceException("the data end in the middle of a number, at octet " + from.position());
            }
            int octet = from.get();
            long part = (long) (octet & LOW) << shift;
            if (part >>> shift != (octet & LOW)) {
                break;
            }
            value |= part;
            if ((octet & MORE) == 0) {
                return value;
            }
        }
        throw new TraceException("a number has more than 64 bits, at octet " + from.position());
    }

    static long readSigned(ByteBuffer from) throws TraceException {
        long folded = readNumber(from);
        return folded >>> 1 ^ -(folded & 1);
    }

    static int readInt(ByteBuffer from) throws TraceException {
        long value = readSigned(from);
        if (value != (int) value) {
            throw new TraceException(value + " is too large, at octet " + from.position());
        }
        return (int) value;
    }

    static Trace readTrace(ByteBuffer from) throws TraceException {
        long count = readNumber(from);
        if (count < 0 || count > from.remaining() / LEAST_CHUNK_OCTETS) {
            throw new TraceException("the data are too short for " + Long.toUnsignedString(count)
                    + " chunks, at octet " + from.position());
        }
        Trace.Builder trace = new Trace.Builder();
        long time = count == 0 ? 0 : readSigned(from);
        for (long i = 0; i < count; i++) {
            long step = readNumber(from);
            long bytes = readNumber(from);
            if (step < 0 || bytes >>> 1 == 0 || bytes >>> 1 > Integer.MAX_VALUE) {
                throw new TraceException("chunk " + i + " is out of range, at octet " + from.position());
            }
            time += step;
            trace.add(time, (bytes & 1) != 0, (int) (bytes >>> 1));
        }
        return trace.build();
    }
}
