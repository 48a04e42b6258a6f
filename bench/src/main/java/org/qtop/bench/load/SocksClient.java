package org.qtop.bench.load;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A plain SOCKS5 client for benchmarks: one stream, set up with blocking calls in the two round trips that any client
 * needs. Not thread-safe.
 *
 * <p>Source: RFC 1928.
 */
public final class SocksClient implements AutoCloseable {

    private static final int DEADLINE_MILLIS = 10_000;

    private static final byte[] GREETING = {5, 1, 0};

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private SocksClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /**
     * Opens a stream, without a login.
     *
     * @param proxy the SOCKS5 server
     * @param port the port to ask for, 1 to 65535, of the host 127.0.0.1
     * @return the open stream, which the caller closes
     * @throws IOException if the server cannot be reached, takes longer than 10 s for an answer, or says no
     */
    public static SocksClient connect(InetSocketAddress proxy, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(DEADLINE_MILLIS);
            // Closing resets: a benchmark that opens thousands of streams a second would use up the ports otherwise.
            socket.setSoLinger(true, 0);
            socket.connect(proxy, DEADLINE_MILLIS);
            SocksClient client = new SocksClient(socket);
            client.handshake(port);
            return client;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void handshake(int port) throws IOException {
        out.write(GREETING);
        if (in.readUnsignedShort() != 0x0500) {
            throw new IOException("the server wants a login");
        }
        out.write(new byte[] {5, 1, 0, 1, 127, 0, 0, 1, (byte) (port >>> 8), (byte) port});
        byte[] reply = new byte[10];
        in.readFully(reply);
        if (reply[0] != 5 || reply[1] != 0 || reply[3] != 1) {
            throw new IOException("the server refused, with SOCKS reply code " + reply[1]);
        }
    }

    /**
     * Gives the stream's incoming half.
     *
     * @return what the far end sends
     */
    public DataInputStream in() {
        return in;
    }

    /**
     * Gives the stream's outgoing half.
     *
     * @return what goes to the far end, unbuffered
     */
    public OutputStream out() {
        return out;
    }

    /**
     * Says that nothing more will be sent.
     *
     * @throws IOException if the stream is over
     */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Resets the connection. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
