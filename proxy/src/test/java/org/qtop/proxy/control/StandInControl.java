package org.qtop.proxy.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Stands in for Tor's control port on loopback: answers each command by its beginning with prepared text, line ends
 * included; an empty answer is silence. For tests.
 */
final class StandInControl implements AutoCloseable {

    private static final Map<String, String> POLITE = Map.of(
            "PROTOCOLINFO", "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor=\"0.4.9.11\"\r\n250 OK\r\n",
            "AUTHENTICATE", "250 OK\r\n",
            "GETINFO process/pid", "250-process/pid=4711\r\n250 OK\r\n",
            "GETINFO uptime", "250-uptime=100\r\n250 OK\r\n",
            "GETINFO status/bootstrap-phase", "250-status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS=100 TAG=done "
                    + "SUMMARY=\"Done\"\r\n250 OK\r\n",
            "SETEVENTS", "250 OK\r\n");

    /** At the end of an answer: closes the connection behind it. */
    static final String CLOSE = "<close>";

    /** Every command that came, without its end. */
    final List<String> commands = new CopyOnWriteArrayList<>();

    final AtomicInteger accepted = new AtomicInteger();

    private final Map<String, String> answers = new ConcurrentHashMap<>(POLITE);
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private volatile InetSocketAddress relay;
    private volatile UnaryOperator<String> changing;

    StandInControl() {
        this(0);
    }

    StandInControl(int port) {
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("stand-in-accept", this::accept);
    }

    /** Answers commands that begin so with this text; the longest beginning counts. */
    StandInControl answer(String beginning, String text) {
        answers.put(beginning, text);
        return this;
    }

    /**
     * From now on new connections are relayed to a real Tor; what it says passes through {@code change}, line by line.
     */
    void relayTo(InetSocketAddress tor, UnaryOperator<String> change) {
        relay = tor;
        changing = change;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Sends this to everybody who is connected. */
    void say(String text) {
        for (Socket socket : open) {
            try {
                send(socket, text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Ends every connection; the port goes on listening. */
    void cut() {
        for (Socket socket : open) {
            close(socket);
        }
    }

    int connectionsOpen() {
        return open.size();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                accepted.incrementAndGet();
                run("stand-in-control", () -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void relay(Socket socket) {
        try (Socket tor = new Socket(relay.getAddress(), relay.getPort())) {
            run("stand-in-relay", () -> {
                try {
                    socket.getInputStream().transferTo(tor.getOutputStream());
                } catch (IOException e) {
                    // Cut.
                }
            });
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(tor.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                send(socket, changing.apply(line) + "\r\n");
            }
        } catch (IOException e) {
            // Cut.
        } finally {
            close(socket);
        }
    }

    private void serve(Socket socket) {
        if (relay != null) {
            relay(socket);
            return;
        }
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                String answer = answerTo(line);
                if (answer.endsWith(CLOSE)) {
                    send(socket, answer.substring(0, answer.length() - CLOSE.length()));
                    break;
                }
                send(socket, answer);
            }
        } catch (IOException e) {
            // Cut.
        } finally {
            close(socket);
        }
    }

    private String answerTo(String line) {
        String best = null;
        for (String beginning : answers.keySet()) {
            if (line.startsWith(beginning) && (best == null || beginning.length() > best.length())) {
                best = beginning;
            }
        }
        return best == null ? "510 Unrecognized command\r\n" : answers.get(best);
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        synchronized (socket) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // Gone either way.
        }
    }

    private static void run(String name, Runnable task) {
        DaemonThreads.named(name).newThread(task).start();
    }
}
