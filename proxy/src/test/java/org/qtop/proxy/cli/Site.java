package org.qtop.proxy.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A web server on loopback whose bodies are pseudo-random bytes, so that a checksum tells whether all arrived. */
final class Site implements AutoCloseable {

    /** A host that a private network's exits know, and that nobody should read of. */
    static final String HOST = QtopChild.SECRET + ".localhost";

    private static final String PATH = "/" + QtopChild.SECRET;
    private static final int BLOCK = 65_536;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile Stall stall = Stall.NONE;

    /** A reader's pause: after how many bytes, and how long. */
    record Stall(long atByte, Duration pause, Runnable atEnd) {
        static final Stall NONE = new Stall(Long.MAX_VALUE, Duration.ZERO, () -> { });
    }

    private Site(HttpServer server) {
        this.server = server;
    }

    static Site start() throws IOException {
        Site site = new Site(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024));
        site.server.createContext(PATH + "/down", site::down);
        site.server.createContext(PATH + "/up", site::up);
        site.server.setExecutor(site.threads);
        site.server.start();
        return site;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Where a body of so many bytes is. */
    static String page(long seed, long size) {
        return PATH + "/down/" + seed + "/" + size;
    }

    /** Where a body may be sent; the answer is its checksum. */
    static String upload() {
        return PATH + "/up";
    }

    /** Bytes of uploads read so far. */
    long received() {
        return received.get();
    }

    /** Bytes of pages written so far, to the system. */
    long sent() {
        return sent.get();
    }

    /** The next upload is read with this pause. */
    void stall(Stall pause) {
        stall = pause;
    }

    private void down(HttpExchange exchange) throws IOException {
        String[] parts = exchange.getRequestURI().getPath().split("/");
        long size = Long.parseLong(parts[4]);
        exchange.sendResponseHeaders(200, size == 0 ? -1 : size);
        try (OutputStream out = exchange.getResponseBody()) {
            write(Long.parseLong(parts[3]), size, out, sent);
        }
    }

    private void up(HttpExchange exchange) throws IOException {
        byte[] answer = checksum(exchange.getRequestBody(), stall, received).getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, answer.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
        }
    }

    /** Writes a body. */
    static void write(long seed, long size, OutputStream out, AtomicLong written) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] block = new byte[BLOCK];
        for (long left = size; left > 0; left -= BLOCK) {
            random.nextBytes(block);
            int length = (int) Math.min(left, BLOCK);
            out.write(block, 0, length);
            written.addAndGet(length);
        }
    }

    /** What {@link #checksum} must give for a body. */
    static String checksum(long seed, long size) {
        try (DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256())) {
            write(seed, size, out, new AtomicLong());
            return HexFormat.of().formatHex(out.getMessageDigest().digest());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads to the end, with a pause if there is one. */
    static String checksum(InputStream body, Stall stall, AtomicLong read) throws IOException {
        DigestInputStream in = new DigestInputStream(body, sha256());
        byte[] block = new byte[BLOCK];
        long total = 0;
        boolean paused = false;
        for (int length = in.read(block); length >= 0; length = in.read(block)) {
            total += length;
            read.addAndGet(length);
            if (!paused && total >= stall.atByte()) {
                paused = true;
                pause(stall);
            }
        }
        return HexFormat.of().formatHex(in.getMessageDigest().digest());
    }

    private static void pause(Stall stall) throws IOException {
        try {
            Thread.sleep(stall.pause().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        stall.atEnd().run();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Fetches a page through a proxy without a login; true if it arrived whole. */
    boolean fetch(InetSocketAddress proxy, long seed, long size) throws IOException {
        try (SocksStream stream = new SocksStream(proxy)) {
            return arrives(stream, seed, size);
        }
    }

    /** Fetches a page through a proxy under a login; true if it arrived whole. */
    boolean fetch(InetSocketAddress proxy, String login, long seed, long size) throws IOException {
        try (SocksStream stream = new SocksStream(proxy, login, QtopChild.SECRET)) {
            return arrives(stream, seed, size);
        }
    }

    private boolean arrives(SocksStream stream, long seed, long size) throws IOException {
        String got = checksum(stream.connected(HOST, port()).get(page(seed, size)), Stall.NONE, new AtomicLong());
        return got.equals(checksum(seed, size));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
