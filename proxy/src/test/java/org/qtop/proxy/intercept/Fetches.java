package org.qtop.proxy.intercept;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many SOCKS5 clients on one thread, each of which fetches one page and notes when what happened. Greeting, request and
 * page's request go out in one write, as Tor allows. For tests.
 */
final class Fetches implements AutoCloseable {

    /** A sleeping thread that is woken so late tells that others had to wait as well. */
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** One client. */
    static final class Fetch {
        final long startNanos = System.nanoTime();
        int port;
        int code = -1;
        long replyNanos;
        long endNanos;
        boolean whole;
        private final ByteBuffer out;
        private final StringBuilder in = new StringBuilder();

        private Fetch(ByteBuffer out) {
            this.out = out;
        }
    }

    private static final int HEAD = 12;

    private final Selector selector = Selector.open();
    private final InetSocketAddress socks;
    private final List<Fetch> all = new ArrayList<>();
    private int open;

    Fetches(InetSocketAddress socks) throws IOException {
        this.socks = socks;
    }

    /** Begins one. */
    Fetch begin(String host, int port) throws IOException {
        return begin(host, port, null);
    }

    /** Begins one under a login of its own, and so perhaps on a circuit of its own. */
    Fetch begin(String host, int port, String login) throws IOException {
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(1024);
        if (login == null) {
            out.put(new byte[] {5, 1, 0});
        } else {
            byte[] user = login.getBytes(StandardCharsets.US_ASCII);
            out.put(new byte[] {5, 1, 2, 1, (byte) user.length}).put(user).put(new byte[] {1, 'x'});
        }
        out.put(new byte[] {5, 1, 0, 3, (byte) name.length}).put(name).putShort((short) port);
        out.put("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).flip();
        Fetch fetch = new Fetch(out);
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(socks);
        channel.register(selector, SelectionKey.OP_CONNECT, fetch);
        all.add(fetch);
        open++;
        return fetch;
    }

    /** Goes on with all for some time. */
    void run(long millis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = end - System.nanoTime();
        while (left > 0) {
            selector.select(key -> go(key), Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            left = end - System.nanoTime();
        }
    }

    /** Goes on until all have ended, or the time is over; returns how many have not. */
    int finish(long millis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (open > 0 && System.nanoTime() - end < 0) {
            selector.select(key -> go(key), 100);
        }
        return open;
    }

    /**
     * The same, and takes no longer than that. Only where this machine itself stalls meanwhile, it may take ten times
     * as long.
     */
    int finishWithin(long millis) throws IOException {
        try (Canary canary = new Canary()) {
            long begun = System.nanoTime();
            int left = finish(10 * millis);
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            assertTrue(took <= millis || canary.most() > STALL_NANOS, () -> "took " + took + " ms on a machine whose"
                    + " longest stall was of " + TimeUnit.NANOSECONDS.toMillis(canary.most()) + " ms");
            return left;
        }
    }

    private void go(SelectionKey key) {
        Fetch fetch = (Fetch) key.attachment();
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                fetch.port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
                channel.write(fetch.out);
                key.interestOps(SelectionKey.OP_READ);
            } else if (!read(channel, fetch)) {
                end(key, fetch);
            }
        } catch (IOException e) {
            end(key, fetch);
        }
    }

    private static boolean read(SocketChannel channel, Fetch fetch) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        int count = channel.read(bytes);
        if (count > 0) {
            fetch.in.append(StandardCharsets.ISO_8859_1.decode(bytes.flip()));
        }
        boolean login = fetch.in.length() > 1 && fetch.in.charAt(1) == 2;
        int head = login ? HEAD + 2 : HEAD;
        if (fetch.code < 0 && fetch.in.length() >= head) {
            fetch.code = fetch.in.charAt(head - 9);
            fetch.replyNanos = System.nanoTime();
        }
        return count >= 0;
    }

    private void end(SelectionKey key, Fetch fetch) {
        key.cancel();
        fetch.endNanos = System.nanoTime();
        fetch.whole = fetch.in.toString().endsWith("\r\n\r\n" + Site.PAGE);
        open--;
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** All that were begun. */
    List<Fetch> all() {
        return all;
    }

    /** How many got their page. */
    long whole() {
        return all.stream().filter(fetch -> fetch.whole).count();
    }

    /** How many have ended, well or not. */
    int ended() {
        return all.size() - open;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
