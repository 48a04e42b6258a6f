package org.qtop.proxy.cli;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.qtop.proxy.config.Values;
import picocli.CommandLine.Command;

/**
 * A short run of qtop against a stand-in for Tor, one stream included, that ends by itself. It is not for users: the
 * build lets the Java machine write down which classes a start needs, for an archive of class data that makes the next
 * start quicker ({@code -XX:DumpLoadedClassList}).
 *
 * <p>The stand-in says just what this one run asks. Sources: RFC 1928; Tor control-spec, "PROTOCOLINFO".
 */
@Command(name = "rehearse", hidden = true, description = "Start, carry one stream to a stand-in, and end.")
final class Rehearsal implements Callable<Integer> {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_MILLIS = 20;
    private static final int REPLY_BYTES = 10;

    /** Runs qtop; the end of its one stream ends the virtual machine. */
    @Override
    public Integer call() throws IOException {
        ServerSocket socks = listener();
        ServerSocket control = listener();
        InetSocketAddress front = free();
        daemon("rehearsal-socks", () -> serve(socks, Rehearsal::socks));
        daemon("rehearsal-control", () -> serve(control, Rehearsal::control));
        daemon("rehearsal-client", () -> System.exit(stream(front) ? 0 : 1));
        return Main.execute("run", "--listen", Values.text(front), "--tor-socks", Values.text(address(socks)),
                "--tor-control", Values.text(address(control)), "--status-listen", Values.text(free()), "--drain", "0",
                "--log-level", "error");
    }

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    }

    private static InetSocketAddress address(ServerSocket server) {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private static InetSocketAddress free() throws IOException {
        try (ServerSocket server = listener()) {
            return address(server);
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** What the stand-in does with a connection. */
    private interface Talk {
        void with(Socket socket) throws IOException;
    }

    private static void serve(ServerSocket server, Talk talk) {
        while (true) {
            try (Socket socket = server.accept()) {
                talk.with(socket);
            } catch (IOException e) {
                // The next connection may do better; the client's limit ends a rehearsal that comes to nothing.
                continue;
            }
        }
    }

    private static void socks(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        in.readFully(new byte[3]);
        out.write(new byte[] {5, 0});
        in.readFully(new byte[REPLY_BYTES]);
        out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        in.transferTo(out);
    }

    private static void control(Socket socket) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(),
                StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer = line.startsWith("PROTOCOLINFO")
                    ? "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor=\"0\"\r\n250 OK\r\n"
                    : line.startsWith("GETINFO") ? "552 Unrecognized key\r\n" : "250 OK\r\n";
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Puts one stream through, as soon as somebody listens. */
    private static boolean stream(InetSocketAddress front) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < LIMIT_NANOS) {
            try (Socket socket = new Socket(front.getAddress(), front.getPort())) {
                OutputStream out = socket.getOutputStream();
                DataInputStream in = new DataInputStream(socket.getInputStream());
                out.write(new byte[] {5, 1, 0});
                in.readFully(new byte[2]);
                out.write(new byte[] {5, 1, 0, 1, 10, 1, 2, 3, 0, 80, 'h', 'i'});
                byte[] reply = new byte[REPLY_BYTES + 2];
                in.readFully(reply);
                return reply[1] == 0;
            } catch (ConnectException e) {
                pause();
            } catch (IOException e) {
                return false;
            }
        }
        return false;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
