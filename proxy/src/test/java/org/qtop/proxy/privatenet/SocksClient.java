package org.qtop.proxy.privatenet;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A SOCKS5 client written out by hand (RFC 1928, Tor's socks-extensions), so that tests see every byte. */
final class SocksClient implements AutoCloseable {
    static final int CONNECT = 0x01;
    static final int RESOLVE = 0xf0;
    static final int RESOLVE_PTR = 0xf1;
    private static final int TIMEOUT_MILLIS = 60_000;

    final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;

    SocksClient(InetSocketAddress proxy) throws IOException {
        socket.connect(proxy, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write(new byte[] {5, 1, 0});
        byte[] method = in.readNBytes(2);
        if (method.length < 2 || method[0] != 5 || method[1] != 0) {
            throw new IOException("no SOCKS5 greeting: " + Arrays.toString(method));
        }
    }

    /** Sends a request for a name; returns the reply code. */
    int request(int command, String name, int port) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        byte[] message = new byte[7 + bytes.length];
        message[0] = 5;
        message[1] = (byte) command;
        message[3] = 3;
        message[4] = (byte) bytes.length;
        System.arraycopy(bytes, 0, message, 5, bytes.length);
        message[5 + bytes.length] = (byte) (port >> 8);
        message[6 + bytes.length] = (byte) port;
        return exchange(message);
    }

    /** Sends a request for an IPv4 address; returns the reply code. */
    int request(int command, byte[] address, int port) throws IOException {
        return exchange(new byte[] {5, (byte) command, 0, 1, address[0], address[1], address[2], address[3],
            (byte) (port >> 8), (byte) port});
    }

    private int exchange(byte[] message) throws IOException {
        out.write(message);
        byte[] head = in.readNBytes(3);
        if (head.length < 3) {
            throw new IOException("the proxy closed without a reply");
        }
        return head[1] & 0xff;
    }

    /** Reads the bound address of a reply: the type byte, the address, the port. */
    byte[] bound() throws IOException {
        int type = in.readUnsignedByte();
        int length = switch (type) {
            case 1 -> 4;
            case 4 -> 16;
            default -> in.readUnsignedByte();
        };
        byte[] address = in.readNBytes(length);
        in.readNBytes(2);
        return address;
    }

    String get(String path) throws IOException {
        out.write(("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
