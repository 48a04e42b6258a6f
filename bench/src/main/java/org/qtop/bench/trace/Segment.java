package org.qtop.bench.trace;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A TCP segment in an IP packet. Immutable.
 *
 * <p>Sources: RFC 791, RFC 8200, RFC 9293.
 *
 * @param source who sent it
 * @param target to whom
 * @param payload bytes of the stream in it, 0 or more
 */
record Segment(InetAddress source, InetAddress target, int payload) {

    private static final int TCP = 6;
    private static final int WORD = 4;
    private static final int IP_4_HEADER = 20;
    private static final int IP_6_HEADER = 40;
    private static final int TCP_HEADER = 20;
    private static final int NIBBLE = 0xf;
    private static final int FRAGMENT_OFFSET = 0x1fff;

    /**
     * Takes an IP packet apart.
     *
     * @param ip what was captured of it
     * @param missing octets that were not captured
     * @return the segment, or empty if it is none, a later fragment, or captured short of its headers
     */
    static Optional<Segment> of(ByteBuffer ip, int missing) {
        if (ip.limit() < 1) {
            return Optional.empty();
        }
        int version = ip.get(0) >> WORD & NIBBLE;
        if (version == 4 && ip.limit() >= IP_4_HEADER) {
            return version4(ip, missing);
        }
        return version == 6 && ip.limit() >= IP_6_HEADER ? version6(ip, missing) : Optional.empty();
    }

    private static Optional<Segment> version4(ByteBuffer ip, int missing) {
        int header = (ip.get(0) & NIBBLE) * WORD;
        boolean later = (ip.getShort(6) & FRAGMENT_OFFSET) != 0;
        if (header < IP_4_HEADER || ip.get(9) != TCP || later) {
            return Optional.empty();
        }
        int length = Short.toUnsignedInt(ip.getShort(2));
        // Segmentation left to the network card leaves the length 0.
        return segment(ip, address(ip, 12, 4), address(ip, 16, 4), header,
                length == 0 ? ip.limit() + missing : length);
    }

    private static Optional<Segment> version6(ByteBuffer ip, int missing) {
        int length = Short.toUnsignedInt(ip.getShort(4));
        int next = Byte.toUnsignedInt(ip.get(6));
        int at = IP_6_HEADER;
        while (next != TCP) {
            // Hop-by-hop, routing and destination options, and the first of several fragments.
            boolean known = next == 0 || next == 43 || next == 60 || next == 44;
            if (!known || ip.limit() < at + 8 || next == 44 && (ip.getShort(at + 2) & 0xfff8) != 0) {
                return Optional.empty();
            }
            int size = next == 44 ? 8 : (Byte.toUnsignedInt(ip.get(at + 1)) + 1) * 8;
            next = Byte.toUnsignedInt(ip.get(at));
            at += size;
        }
        return segment(ip, address(ip, 8, 16), address(ip, 24, 16), at,
                length == 0 ? ip.limit() + missing : length + IP_6_HEADER);
    }

    private static Optional<Segment> segment(ByteBuffer ip, InetAddress source, InetAddress target, int at,
            int length) {
        if (ip.limit() < at + TCP_HEADER) {
            return Optional.empty();
        }
        int header = (ip.get(at + 12) >> WORD & NIBBLE) * WORD;
        int payload = length - at - header;
        return header < TCP_HEADER || payload < 0 ? Optional.empty()
                : Optional.of(new Segment(source, target, payload));
    }

    private static InetAddress address(ByteBuffer ip, int at, int count) {
        byte[] octets = new byte[count];
        ip.get(at, octets);
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException never) {
            throw new IllegalStateException(never);
        }
    }
}
