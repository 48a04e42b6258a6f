package org.qtop.bench.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The flows of one mode with all their views, in a file that grows by whole flows (see the package's comment).
 *
 * <p>Opening it for more flows cuts off a torn record that a killed run left at its end; reading it does not.
 * Thread-safe.
 */
public final class FlowStore implements AutoCloseable {

    private static final byte[] MAGIC = "qtopflw1".getBytes(StandardCharsets.US_ASCII);

    private final FileChannel channel;
    /** By id, in the order of the file. Guarded by this. */
    private final Map<Integer, Flow> flows = new LinkedHashMap<>();

    private FlowStore(FileChannel channel, Collection<Flow> there) {
        this.channel = channel;
        there.forEach(flow -> flows.put(flow.id(), flow));
    }

    /**
     * Opens a store for more flows, or begins one.
     *
     * @param file its file
     * @return the store, to be closed
     * @throws TraceException if the file is of another format, or damaged before its last record
     * @throws IOException if it cannot be read or written
     */
    public static FlowStore open(Path file) throws IOException {
        byte[] all = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        List<Flow> there = new ArrayList<>();
        long whole = all.length == 0 ? 0 : parse(file, all, there, true);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(whole).position(whole);
        if (whole == 0) {
            channel.write(ByteBuffer.wrap(MAGIC));
        }
        return new FlowStore(channel, there);
    }

    /**
     * Reads all flows of a file.
     *
     * @param file a store's file
     * @return its flows in the order of the file
     * @throws TraceException if it is of another format, cut off or damaged
     * @throws IOException if it cannot be read
     */
    public static List<Flow> read(Path file) throws IOException {
        List<Flow> flows = new ArrayList<>();
        parse(file, Files.readAllBytes(file), flows, false);
        return flows;
    }

    /** Returns how many octets hold whole records. */
    private static long parse(Path file, byte[] all, List<Flow> into, boolean tornEnd) throws TraceException {
        if (!TraceFile.startsWith(all, MAGIC)) {
            throw new TraceException(file + ": this is not a store of flows: it does not begin with qtopflw1");
        }
        ByteBuffer from = ByteBuffer.wrap(all).position(MAGIC.length);
        while (from.hasRemaining()) {
            int at = from.position();
            int length = from.remaining() < Integer.BYTES ? Integer.MAX_VALUE : from.getInt();
            if (length >= 0 && length > from.remaining() - Integer.BYTES) {
                if (tornEnd) {
                    return at;
                }
                throw new TraceException(file + ": the file is cut off in the record at octet " + at);
            }
            try {
                into.add(record(from, length));
            } catch (TraceException bad) {
                throw new TraceException(file + ": the record at octet " + at + ": " + bad.getMessage());
            }
        }
        return all.length;
    }

    private static Flow record(ByteBuffer from, int length) throws TraceException {
        if (length < 0) {
            throw new TraceException("its length is negative");
        }
        byte[] body = new byte[length];
        from.get(body);
        if (from.getInt() != TraceFile.crc(body)) {
            throw new TraceException("its check sum is wrong");
        }
        ByteBuffer in = ByteBuffer.wrap(body);
        Flow flow = new Flow(Octets.readInt(in), Octets.readInt(in), Octets.readInt(in), Octets.readSigned(in),
                Octets.readTrace(in), Octets.readTrace(in), Octets.readTrace(in));
        if (in.hasRemaining()) {
            throw new TraceException(in.remaining() + " octets follow the flow");
        }
        return flow;
    }

    /**
     * Adds a flow.
     *
     * @param flow a flow whose id is not there yet
     * @throws IllegalArgumentException if its id is there
     * @throws IOException if it cannot be written
     */
    public synchronized void add(Flow flow) throws IOException {
        if (flows.containsKey(flow.id())) {
            throw new IllegalArgumentException("flow " + flow.id() + " is there already");
        }
        byte[] body = new Octets().signed(flow.id()).signed(flow.circuit()).signed(flow.label())
                .signed(flow.startNanos()).trace(flow.application()).trace(flow.guard()).trace(flow.destination())
                .toArray();
        ByteBuffer record = ByteBuffer.allocate(body.length + 2 * Integer.BYTES)
                .putInt(body.length).put(body).putInt(TraceFile.crc(body)).flip();
        while (record.hasRemaining()) {
            channel.write(record);
        }
        flows.put(flow.id(), flow);
    }

    /**
     * Finds a flow.
     *
     * @param id its id
     * @return whether it is there
     */
    public synchronized boolean contains(int id) {
        return flows.containsKey(id);
    }

    /**
     * Gives all flows that are there.
     *
     * @return the flows by rising id
     */
    public synchronized List<Flow> flows() {
        Flow[] all = flows.values().toArray(new Flow[0]);
        Arrays.sort(all, (a, b) -> Integer.compare(a.id(), b.id()));
        return List.of(all);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
