package org.qtop.proxy.privatenet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The name server of the network's exits: it knows {@code localhost}, every name below it (RFC 6761, section 6.3) and
 * the name of 192.0.2.1 (RFC 5737), and says of every other name that it does not exist. Nothing is ever asked of
 * another server. A name for 127.0.0.1 would be of no use: exits refuse to look up the names of private addresses.
 *
 * <p>Exits resolve through libevent's DNS client, which does not read {@code /etc/hosts} for these queries, so a server
 * there must be. Message format: RFC 1035, section 4. Thread-safe; its one thread is a daemon.
 */
final class LoopbackDns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackDns.class);
    private static final int LONGEST_QUERY = 512;
    private static final int HEADER = 12;
    private static final int TYPE_A = 1;
    private static final int TYPE_PTR = 12;
    private static final int RCODE_FORMAT_ERROR = 1;
    private static final int RCODE_NO_SUCH_NAME = 3;
    private static final String REVERSE = "1.2.0.192.in-addr.arpa";
    private static final byte[] ADDRESS = {127, 0, 0, 1};
    private static final byte[] NAME = "\tlocalhost\0".getBytes(StandardCharsets.US_ASCII);
    private static final int TTL_SECONDS = 60;

    private final DatagramSocket socket;

    LoopbackDns() throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByAddress(ADDRESS), 0));
        Thread thread = new Thread(this::serve, "qtop-net-dns");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        byte[] buffer = new byte[LONGEST_QUERY];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                byte[] reply = answer(Arrays.copyOf(buffer, packet.getLength()));
                if (reply.length > 0) {
                    socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            } catch (IOException failure) {
                if (!socket.isClosed()) {
                    LOG.debug("A DNS query of the private network was lost.", failure);
                }
            }
        }
    }

    /** The reply to a query; empty for what is too short to be answered or is no query. */
    static byte[] answer(byte[] query) {
        if (query.length < HEADER || (query[2] & 0x80) != 0) {
            return new byte[0];
        }
        List<String> labels = new ArrayList<>();
        int end = readName(query, labels);
        if (end < 0 || end + 4 > query.length || query[4] != 0 || query[5] != 1) {
            return reply(query, HEADER, RCODE_FORMAT_ERROR, 0, new byte[0]);
        }
        String name = String.join(".", labels).toLowerCase(Locale.ROOT);
        int type = (query[end] & 0xff) << 8 | query[end + 1] & 0xff;
        boolean local = name.equals("localhost") || name.endsWith(".localhost");
        boolean reverse = name.equals(REVERSE);
        byte[] data = local && type == TYPE_A ? ADDRESS : reverse && type == TYPE_PTR ? NAME : new byte[0];
        return reply(query, end + 4, local || reverse ? 0 : RCODE_NO_SUCH_NAME, type, data);
    }

    /** Reads the question's name; returns where it ends, or -1 if it does not. */
    private static int readName(byte[] query, List<String> labels) {
        int at = HEADER;
        while (at < query.length && query[at] != 0) {
            int length = query[at];
            if (length < 0 || length > 63 || at + 1 + length > query.length) {
                return -1;
            }
            labels.add(new String(query, at + 1, length, StandardCharsets.ISO_8859_1));
            at += 1 + length;
        }
        return at < query.length ? at + 1 : -1;
    }

    private static byte[] reply(byte[] query, int questionEnd, int rcode, int type, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean answered = data.length > 0;
        out.write(query, 0, 2);
        out.write(0x84 | query[2] & 0x01);
        out.write(0x80 | rcode);
        out.writeBytes(new byte[] {0, (byte) (questionEnd > HEADER ? 1 : 0), 0, (byte) (answered ? 1 : 0), 0, 0, 0, 0});
        out.write(query, HEADER, questionEnd - HEADER);
        if (answered) {
            // A pointer to the question's name, the type, class IN, the time to live, the data.
            out.writeBytes(new byte[] {(byte) 0xc0, HEADER, 0, (byte) type, 0, 1, 0, 0, 0, TTL_SECONDS});
            out.write(0);
            out.write(data.length);
            out.writeBytes(data);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
