package org.qtop.proxy.socks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A controller that writes down Tor's STREAM events by the address that each stream came from. Thread-safe. */
final class StreamLog implements AutoCloseable {

    private static final Pattern STREAM = Pattern.compile("650 STREAM (\\d+) (\\w+) \\d+ (.*)");
    private static final Pattern SOURCE = Pattern.compile(" SOURCE_ADDR=(\\S+):(\\d+)");

    private final Socket socket = new Socket();
    private final BufferedReader in;
    private final ConcurrentLinkedQueue<String> replies = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> uploads = new ConcurrentLinkedQueue<>();
    private final Map<String, List<String>> byId = new ConcurrentHashMap<>();
    private final Map<InetSocketAddress, List<String>> bySource = new ConcurrentHashMap<>();
    private final BiConsumer<Long, InetSocketAddress> arrivals;

    /**
     * Logs in and listens.
     *
     * @param control Tor's control port
     * @param cookie its cookie
     * @param arrivals told of each new stream
     */
    StreamLog(InetSocketAddress control, Path cookie, BiConsumer<Long, InetSocketAddress> arrivals) throws IOException {
        this.arrivals = arrivals;
        socket.connect(control, 10_000);
        socket.setSoTimeout(0);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        send("AUTHENTICATE " + HexFormat.of().formatHex(Files.readAllBytes(cookie)));
        expect("250 OK");
        send("SETEVENTS STREAM HS_DESC");
        expect("250 OK");
        Thread reader = new Thread(this::read, "stream-log");
        reader.setDaemon(true);
        reader.start();
    }

    private void send(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private void expect(String wanted) throws IOException {
        String line = in.readLine();
        if (!wanted.equals(line)) {
            throw new IOException("the control port says " + line);
        }
    }

    /** Sends a command and waits for the last line of its reply; gives all of its lines. */
    synchronized List<String> command(String line) throws IOException, InterruptedException {
        replies.clear();
        send(line);
        List<String> lines = new ArrayList<>();
        for (long end = System.nanoTime() + 30_000_000_000L; System.nanoTime() < end; Thread.sleep(1)) {
            for (String reply = replies.poll(); reply != null; reply = replies.poll()) {
                lines.add(reply);
                if (reply.length() > 3 && reply.charAt(3) == ' ') {
                    return lines;
                }
            }
        }
        throw new IOException("no reply to " + line.split(" ")[0]);
    }

    private void read() {
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Matcher event = STREAM.matcher(line);
                if (event.matches()) {
                    take(event.group(1), event.group(2), event.group(3));
                } else if (line.startsWith("650 HS_DESC UPLOADED ")) {
                    uploads.add(line.split(" ")[3]);
                } else {
                    replies.add(line);
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void take(String id, String status, String rest) throws IOException {
        Matcher source = SOURCE.matcher(rest);
        if (status.startsWith("NEW") && source.find()) {
            List<String> events = byId.computeIfAbsent(id, unused -> new ArrayList<>());
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(source.group(1)),
                    Integer.parseInt(source.group(2)));
            bySource.put(address, events);
            arrivals.accept(Long.valueOf(id), address);
            add(events, status + ' ' + source.replaceFirst(""));
        } else if (byId.containsKey(id)) {
            add(byId.get(id), status + ' ' + rest);
            if (status.equals("CLOSED")) {
                byId.remove(id);
            }
        }
    }

    private static void add(List<String> events, String event) {
        synchronized (events) {
            events.add(event);
        }
    }

    /** Forgets what was heard of an address: a new connection begins there. */
    void forget(InetSocketAddress source) {
        if (source != null) {
            bySource.remove(source);
        }
    }

    /** How many times a descriptor of an onion service was uploaded. */
    long uploadsOf(String address) {
        return uploads.stream().filter(address::equals).count();
    }

    /** What was heard of the stream that came from an address, in order. */
    List<String> of(InetSocketAddress source) {
        List<String> events = source == null ? null : bySource.get(source);
        if (events == null) {
            return List.of();
        }
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
