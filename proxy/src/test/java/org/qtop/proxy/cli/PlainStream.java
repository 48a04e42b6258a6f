package org.qtop.proxy.cli;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An application's side of one stream without a login, byte by byte, from any address and to any kind of port. For
 * tests; a test's time limit bounds its waits.
 */
final class PlainStream implements AutoCloseable {

    private final SocketChannel channel;
    private final DataInputStream in;
    private final OutputStream out;

    private PlainStream(SocketChannel channel) {
        this.channel = channel;
        in = new DataInputStream(Channels.newInputStream(channel));
        out = Channels.newOutputStream(channel);
    }

    /** Connects from wherever the system chooses. */
    static PlainStream to(SocketAddress proxy) throws IOException {
        return new PlainStream(SocketChannel.open(proxy));
    }

    /** Connects from an address of this machine. */
    static PlainStream from(String address, InetSocketAddress proxy) throws IOException {
        SocketChannel channel = SocketChannel.open(proxy.getAddress() instanceof java.net.Inet4Address
                ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            channel.bind(new InetSocketAddress(InetAddress.getByName(address), 0)).connect(proxy);
            return new PlainStream(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    static UnixDomainSocketAddress unix(String path) {
        return UnixDomainSocketAddress.of(path);
    }

    /** Sends bytes before anything else. */
    PlainStream saying(byte[] bytes) throws IOException {
        channel.write(ByteBuffer.wrap(bytes));
        return this;
    }

    /** A PROXY protocol header, version 2, of a TCP client. */
    static byte[] proxyHeader(String client) throws IOException {
        byte[] source = InetAddress.getByName(client).getAddress();
        int length = 2 * source.length + 4;
        ByteBuffer header = ByteBuffer.allocate(16 + length);
        header.put(new byte[] {0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x21});
        header.put((byte) (source.length == 4 ? 0x11 : 0x21)).putShort((short) length);
        header.put(source).put(source).putShort((short) 5_000).putShort((short) 9_150);
        return header.array();
    }

    /** Asks for a connection; returns the whole reply, as its type of address tells. */
    byte[] connect(String host, int port) throws IOException {
        out.write(new byte[] {5, 1, 0});
        if (in.readUnsignedByte() != 5 || in.readUnsignedByte() != 0) {
            throw new IOException("the method is not accepted");
        }
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer request = ByteBuffer.allocate(7 + name.length);
        request.put(new byte[] {5, 1, 0, 3, (byte) name.length}).put(name).putShort((short) port);
        out.write(request.array());
        byte[] head = in.readNBytes(4);
        byte[] rest = in.readNBytes((head[3] == 1 ? 4 : 16) + 2);
        return ByteBuffer.allocate(head.length + rest.length).put(head).put(rest).array();
    }

    /** Fetches a page of the site; true if the reply has so many bytes and the page arrives whole. */
    boolean fetches(Site site, int replyBytes) throws IOException {
        byte[] reply = connect(Site.HOST, site.port());
        if (reply[1] != 0 || reply.length != replyBytes) {
            throw new IOException("reply code " + reply[1] + " in " + reply.length + " bytes");
        }
        out.write(("GET " + Site.page(replyBytes, 20_000) + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return Site.checksum(in, Site.Stall.NONE, new AtomicLong()).equals(Site.checksum(replyBytes, 20_000));
    }

    /** Reads one byte; -1 at the end, also if that is a reset. */
    int read() {
        try {
            return in.read();
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
