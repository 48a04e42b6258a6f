package org.qtop.proxy.seedsource;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A SOCKS5 port that writes down what it is asked, and leads every stream to one port of this machine. */
final class StandInTor implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    private final int target;
    private final int reply;
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final List<String> logins = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /**
     * Begins to listen.
     *
     * @param target where streams lead
     * @param reply the SOCKS reply code; -1 for nonsense instead of a greeting
     */
    StandInTor(int target, int reply) throws IOException {
        this.target = target;
        this.reply = reply;
        start(() -> {
            while (true) {
                Socket client = listener.accept();
                sockets.add(client);
                start(() -> serve(client));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The test is over, or the client is gone.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    SocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    List<String> targets() {
        return targets;
    }

    List<String> logins() {
        return logins;
    }

    private void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        in.readUnsignedByte();
        in.skipNBytes(in.readUnsignedByte());
        if (reply < 0) {
            out.write("HTTP/1.0 501".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        out.write(new byte[] {5, 2});
        in.readUnsignedByte();
        logins.add(text(in) + " " + text(in));
        out.write(new byte[] {1, 0});
        in.skipNBytes(3);
        int type = in.readUnsignedByte();
        targets.add((type == 3 ? "name " + text(in) : "address " + in.readInt()) + ":" + in.readUnsignedShort());
        out.write(new byte[] {5, (byte) reply, 0, 1, 0, 0, 0, 0, 0, 0});
        if (reply == 0) {
            Socket service = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), target);
            sockets.add(service);
            start(() -> service.getInputStream().transferTo(out));
            in.transferTo(service.getOutputStream());
            service.close();
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
