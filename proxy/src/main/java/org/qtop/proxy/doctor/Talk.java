package org.qtop.proxy.doctor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Says something to a TCP port or a Unix socket and takes its answer, within a time limit. Stateless. */
final class Talk {

    private static final int MOST_BYTES = 4_096;

    private Talk() {
    }

    /**
     * Says and hears.
     *
     * @param address whom to
     * @param words what to say
     * @param millis how long connecting may take, and the answer
     * @param whole tells whether the answer, as ISO-8859-1, is complete
     * @return the answer; cut short if the other side ended it, or said more than anybody would
     * @throws SocketTimeoutException if the answer is not complete in time
     * @throws IOException if nobody answers
     */
    static String exchange(SocketAddress address, byte[] words, int millis, Predicate<String> whole)
            throws IOException {
        boolean unix = address instanceof UnixDomainSocketAddress;
        try (SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
                Selector selector = Selector.open()) {
            if (address instanceof InetSocketAddress) {
                channel.socket().connect(address, millis);
            } else {
                channel.connect(address);
            }
            channel.write(ByteBuffer.wrap(words));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return hear(channel, selector, millis, whole);
        }
    }

    private static String hear(SocketChannel channel, Selector selector, int millis, Predicate<String> whole)
            throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(MOST_BYTES);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (heard.size() < MOST_BYTES && !whole.test(heard.toString(StandardCharsets.ISO_8859_1))) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (leftMillis <= 0) {
                throw new SocketTimeoutException("no answer in time");
            }
            selector.select(leftMillis);
            selector.selectedKeys().clear();
            int length = channel.read(buffer.clear());
            if (length < 0) {
                break;
            }
            heard.write(buffer.array(), 0, length);
        }
        return heard.toString(StandardCharsets.ISO_8859_1);
    }
}
