package org.qtop.proxy.seedsource;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Opens a stream through Tor's SOCKS port, by name, on a circuit of its own. Stateless and thread-safe.
 *
 * <p>Sources: RFC 1928; RFC 1929; Tor's proposal 351 for the login, whose password is the isolation key.
 */
final class TorDial {

    /** Tor gives up on a stream after 120 s; whoever asks for seeds has gone on before. */
    private static final int LIMIT_MILLIS = 60_000;
    private static final byte[] GREETING = {5, 1, 2};
    private static final byte[] USER = "<torS0X>0".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_BYTES = 16;
    private static final int NAME_TYPE = 3;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private TorDial() {
    }

    static Socket dial(InetSocketAddress socks, String host, int port) throws IOException {
        Socket socket = new Socket(Proxy.NO_PROXY);
        boolean open = false;
        try {
            connect(socket, socks);
            converse(socket, host, port);
            socket.setSoTimeout(0);
            open = true;
            return socket;
        } finally {
            if (!open) {
                socket.close();
            }
        }
    }

    private static void connect(Socket socket, InetSocketAddress socks) throws IOException {
        try {
            socket.connect(socks, LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
        } catch (IOException e) {
            throw new IOException("Tor's SOCKS port does not answer", e);
        }
    }

    private static void converse(Socket socket, String host, int port) throws IOException {
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        byte[] password = HexFormat.of().formatHex(key).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream login = new ByteArrayOutputStream();
        login.write(1);
        login.write(USER.length);
        login.writeBytes(USER);
        login.write(password.length);
        login.writeBytes(password);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(new byte[] {5, 1, 0, NAME_TYPE, (byte) name.length});
        request.writeBytes(name);
        request.write(port >> Byte.SIZE);
        request.write(port);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write(GREETING);
        expect(in, 5, 2);
        socket.getOutputStream().write(login.toByteArray());
        expect(in, 1, 0);
        socket.getOutputStream().write(request.toByteArray());
        reply(in);
    }

    private static void expect(DataInputStream in, int... octets) throws IOException {
        for (int octet : octets) {
            if (in.read() != octet) {
                throw new IOException("what answers at Tor's SOCKS port does not speak as Tor does");
            }
        }
    }

    private static void reply(DataInputStream in) throws IOException {
        expect(in, 5);
        int code = in.readUnsignedByte();
        if (code != 0) {
            throw new IOException(String.format("Tor cannot reach the service (SOCKS reply %02X)", code));
        }
        in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int length = type == 1 ? IPV4_BYTES : type == NAME_TYPE ? in.readUnsignedByte() : IPV6_BYTES;
        in.skipNBytes(length + Short.BYTES);
    }
}
