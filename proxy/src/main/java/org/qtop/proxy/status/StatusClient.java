package org.qtop.proxy.status;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Timer;
import java.util.TimerTask;
import org.qtop.proxy.config.Values;

/** Asks a running qtop for its status. Stateless; thread-safe. */
public final class StatusClient {

    private static final long LIMIT_MILLIS = 5_000;
    private static final int MOST_BYTES = 16 << 20;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private StatusClient() {
    }

    /**
     * Fetches one resource.
     *
     * @param address where a qtop tells its status: a TCP address or a Unix socket
     * @param path such as {@code /api/status}
     * @return the answer's body
     * @throws IOException if nothing answers, what answers is not a qtop, or it takes longer than 5 s
     */
    public static String get(SocketAddress address, String path) throws IOException {
        Timer timer = new Timer("qtop-status-limit", true);
        try (SocketChannel channel = SocketChannel.open(address instanceof UnixDomainSocketAddress
                ? StandardProtocolFamily.UNIX : family((InetSocketAddress) address))) {
            timer.schedule(closing(channel), LIMIT_MILLIS);
            channel.connect(address);
            String host = address instanceof InetSocketAddress inet ? Values.text(inet) : "localhost";
            channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: " + host
                    + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
            byte[] answer = Channels.newInputStream(channel).readNBytes(MOST_BYTES);
            return body(new String(answer, StandardCharsets.UTF_8));
        } finally {
            timer.cancel();
        }
    }

    /** What reads from the channel is told so by an exception. */
    private static TimerTask closing(Channel channel) {
        return new TimerTask() {
            @Override
            public void run() {
                try {
                    channel.close();
                } catch (IOException e) {
                    cancel();
                }
            }
        };
    }

    private static StandardProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof java.net.Inet6Address ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }

    private static String body(String answer) throws IOException {
        int head = answer.indexOf(END_OF_HEAD);
        if (!answer.startsWith("HTTP/1.1 200 ") || head < 0) {
            throw new IOException("what answers there is not qtop's status");
        }
        return answer.substring(head + END_OF_HEAD.length());
    }

    /**
     * Tells whether anything accepts connections at an address.
     *
     * @param address a TCP address or a Unix socket
     * @return false if a connection is refused
     */
    public static boolean answers(SocketAddress address) {
        try (SocketChannel channel = SocketChannel.open(address)) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
