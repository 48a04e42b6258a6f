package org.qtop.bench.trace;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Makes a trace of a packet capture: the TCP payload from and to one address. Stateless.
 *
 * <p>Reads classic pcap files (magic numbers a1b2c3d4 and a1b23c4d, either byte order; draft-ietf-opsawg-pcap) of
 * Ethernet, raw IP and Linux cooked captures. Counts are taken from IP's lengths, so packets may be captured in part.
 * Sent again means seen again: a retransmission is a chunk of its own. Other packets are passed over.
 */
public final class Pcap {

    private static final int MICROS_MAGIC = 0xa1b2c3d4;
    private static final int NANOS_MAGIC = 0xa1b23c4d;
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int LINK_TYPE_AT = 20;
    /** The upper bits of the field tell of a frame check sequence. */
    private static final int LINK_TYPE_BITS = 0xffff;
    private static final long MICRO = 1_000;
    private static final long SECOND = 1_000_000_000;

    private record Chunk(long nanos, boolean upstream, int bytes) {
    }

    private Pcap() {
    }

    /**
     * Reads a capture.
     *
     * @param file a classic pcap file
     * @param client the address whose packets go upstream
     * @return times since 1970 in nanoseconds, in order
     * @throws TraceException if the file is of another format, of a link type that is not read, or cut off; or if a
     *         packet goes from the address to itself, so that its direction cannot be told
     * @throws IOException if it cannot be read
     */
    public static Trace read(Path file, InetAddress client) throws IOException {
        try {
            return read(ByteBuffer.wrap(Files.readAllBytes(file)), client);
        } catch (TraceException bad) {
            throw new TraceException(file + ": " + bad.getMessage());
        }
    }

    static Trace read(ByteBuffer in, InetAddress client) throws TraceException {
        long unit = openAs(in);
        Link link = Link.of(in.getInt(LINK_TYPE_AT) & LINK_TYPE_BITS);
        in.position(FILE_HEADER);
        List<Chunk> chunks = new ArrayList<>();
        while (in.hasRemaining()) {
            int at = in.position();
            if (in.remaining() < RECORD_HEADER) {
                throw new TraceException("the capture is cut off in the packet at octet " + at);
            }
            long nanos = Integer.toUnsignedLong(in.getInt()) * SECOND + Integer.toUnsignedLong(in.getInt()) * unit;
            int captured = in.getInt();
            int length = in.getInt();
            if (captured < 0 || captured > in.remaining()) {
                throw new TraceException("the capture is cut off in the packet at octet " + at);
            }
            ByteBuffer packet = in.slice(in.position(), captured).order(ByteOrder.BIG_ENDIAN);
            in.position(in.position() + captured);
            Optional<Segment> segment = link.strip(packet).flatMap(ip -> Segment.of(ip, length - captured));
            if (segment.isPresent()) {
                direction(segment.get(), client, at).ifPresent(
                        upstream -> chunks.add(new Chunk(nanos, upstream, segment.get().payload())));
            }
        }
        // Captures of several interfaces or processors are a little out of order.
        chunks.sort(Comparator.comparingLong(Chunk::nanos));
        Trace.Builder trace = new Trace.Builder();
        chunks.forEach(chunk -> trace.add(chunk.nanos(), chunk.upstream(), chunk.bytes()));
        return trace.build();
    }

    /** Sets the byte order; returns what the fraction of a second counts, in nanoseconds. */
    private static long openAs(ByteBuffer in) throws TraceException {
        if (in.remaining() < FILE_HEADER) {
            throw new TraceException("this is not a capture: it is shorter than a pcap header");
        }
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            int magic = in.order(order).getInt(0);
            if (magic == MICROS_MAGIC || magic == NANOS_MAGIC) {
                return magic == MICROS_MAGIC ? MICRO : 1;
            }
        }
        throw new TraceException("this is not a classic pcap file (pcapng: convert it with editcap -F pcap)");
    }

    private static Optional<Boolean> direction(Segment segment, InetAddress client, int at) throws TraceException {
        boolean from = segment.source().equals(client);
        boolean to = segment.target().equals(client);
        if (from && to) {
            throw new TraceException("the packet at octet " + at + " goes from " + client.getHostAddress()
                    + " to itself: its direction cannot be told");
        }
        return (from || to) && segment.payload() > 0 ? Optional.of(from) : Optional.empty();
    }

    /** What stands before the IP packet; the numbers are those of the link types. */
    private enum Link {
        ETHERNET(1, 12), RAW(101, -1), RAW_BSD(12, -1), RAW_OPENBSD(14, -1), IPV4(228, -1), IPV6(229, -1),
        COOKED(113, 14), COOKED_2(276, 0);

        private static final int VLAN = 0x8100;
        private static final int SERVICE_VLAN = 0x88a8;
        private static final int IP_4 = 0x0800;
        private static final int IP_6 = 0x86dd;
        private static final int COOKED_2_HEADER = 20;

        private final int number;
        /** Where the protocol stands, or -1. */
        private final int protocolAt;

        Link(int number, int protocolAt) {
            this.number = number;
            this.protocolAt = protocolAt;
        }

        static Link of(int number) throws TraceException {
            for (Link link : values()) {
                if (link.number == number) {
                    return link;
                }
            }
            throw new TraceException("link type " + number
                    + " is not read, only Ethernet (1), raw IP (12, 14, 101, 228, 229) and Linux cooked (113, 276)");
        }

        Optional<ByteBuffer> strip(ByteBuffer packet) {
            int at = protocolAt;
            if (at < 0) {
                return Optional.of(packet);
            }
            int ip = this == COOKED_2 ? COOKED_2_HEADER : at + 2;
            while (packet.limit() >= ip) {
                int protocol = Short.toUnsignedInt(packet.getShort(at));
                if (protocol == IP_4 || protocol == IP_6) {
                    return Optional.of(packet.slice(ip, packet.limit() - ip));
                }
                if (protocol != VLAN && protocol != SERVICE_VLAN) {
                    break;
                }
                at = ip + 2;
                ip += 4;
            }
            return Optional.empty();
        }
    }
}
