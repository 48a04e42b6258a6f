package org.qtop.proxy.cli;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** An application's side of one stream: SOCKS5 (RFC 1928, RFC 1929), then what it likes. For tests. */
final class SocksStream implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int CONNECT = 1;
    private static final int NAME = 3;
    private static final int IPV4 = 1;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;

    /** Connects and greets without a login. */
    SocksStream(InetSocketAddress proxy) throws IOException {
        this(proxy, 0);
        expect(5, 0);
    }

    /** Connects, greets and logs in. */
    SocksStream(InetSocketAddress proxy, String user, String password) throws IOException {
        this(proxy, 2);
        expect(5, 2);
        out.write(1);
        writeText(user);
        writeText(password);
        out.flush();
        expect(1, 0);
    }

    private SocksStream(InetSocketAddress proxy, int method) throws IOException {
        socket.connect(proxy, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = new java.io.BufferedOutputStream(socket.getOutputStream());
        out.write(new byte[] {5, 1, (byte) method});
        out.flush();
    }

    private void writeText(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        out.write(bytes.length);
        out.write(bytes);
    }

    private void expect(int... octets) throws IOException {
        for (int octet : octets) {
            int got = in.readUnsignedByte();
            if (got != octet) {
                throw new IOException("the proxy answered " + got + " where " + octet + " was expected");
            }
        }
    }

    /** Waits for each answer no longer than this. */
    void timeOut(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /** Asks for a connection; returns the reply code. */
    int connect(String host, int port) throws IOException {
        out.write(new byte[] {5, CONNECT, 0, NAME});
        writeText(host);
        out.write(port >> 8);
        out.write(port);
        out.flush();
        expect(5);
        int code = in.readUnsignedByte();
        expect(0);
        in.readFully(new byte[in.readUnsignedByte() == IPV4 ? 6 : 18]);
        return code;
    }

    /** The same, and it must go well. */
    SocksStream connected(String host, int port) throws IOException {
        int code = connect(host, port);
        if (code != 0) {
            throw new IOException("reply code " + code);
        }
        return this;
    }

    /** Sends a GET and reads the answer up to its body. */
    InputStream get(String path) throws IOException {
        out.write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return body();
    }

    /** Begins a POST; its body is to be written to {@link #output}. */
    void post(String path, long length) throws IOException {
        out.write(("POST " + path + " HTTP/1.0\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    OutputStream output() {
        return out;
    }

    /** Reads the head of an answer; it must be that of a page. */
    InputStream body() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("the answer ended after " + head.length() + " bytes");
            }
            head.append((char) octet);
        }
        if (!head.toString().matches("(?s)HTTP/1\\.[01] 200 .*")) {
            throw new IOException("the site answered " + head.substring(0, head.indexOf("\r\n")));
        }
        return in;
    }

    /** Reads one byte; -1 at the end, also if that is a reset. Silence is no end. */
    int read() {
        try {
            return in.read();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("neither a byte nor an end", e);
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
