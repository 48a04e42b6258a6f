package org.qtop.proxy.control;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.qtop.proxy.stream.CircuitEvent;
import org.qtop.proxy.stream.StreamEvent;

/**
 * Makes typed events of the control port's event lines. Takes any text: what it cannot use gives nothing and is
 * counted. It keeps neither targets nor logins, and never asks a name server. Thread-safe.
 *
 * <p>Source: Tor control-spec, "Asynchronous events": STREAM, CIRC, STATUS_CLIENT, SIGNAL.
 */
public final class EventParser {

    private static final Map<String, StreamEvent.Status> STREAM_STATUSES = new HashMap<>();
    private static final Map<String, CircuitEvent.Status> CIRCUIT_STATUSES = new HashMap<>();

    /** 18 digits always fit in a long. */
    private static final int MOST_DIGITS = 18;

    static {
        for (StreamEvent.Status status : StreamEvent.Status.values()) {
            STREAM_STATUSES.put(status.name(), status);
        }
        for (CircuitEvent.Status status : CircuitEvent.Status.values()) {
            CIRCUIT_STATUSES.put(status.name(), status);
        }
    }

    private final LongAdder unusable = new LongAdder();

    /**
     * Parses one event.
     *
     * @param keyword the first word behind {@code 650}, or null
     * @param data all that follows it, or null
     * @return the event; empty if the line is unusable, which is counted, or of no interest, which is not
     */
    Optional<ControlEvent> parse(String keyword, String data) {
        if (keyword == null || data == null) {
            return unusable();
        }
        return switch (keyword) {
            case "STREAM" -> stream(data).map(ControlEvent.OfStream::new);
            case "CIRC" -> circuit(data).map(ControlEvent.OfCircuit::new);
            case "STATUS_CLIENT" -> bootstrap(data);
            case "SIGNAL" -> signal(data);
            default -> unusable();
        };
    }

    /**
     * Parses the data of a STREAM event, or one line of {@code GETINFO stream-status}.
     *
     * @param data {@code id status circuit target} and any fields
     * @return the event, or empty if the line is unusable, which is counted
     */
    public Optional<StreamEvent> stream(String data) {
        EventFields fields = new EventFields(data);
        long stream = number(fields.word());
        String status = fields.word();
        long circuit = number(fields.word());
        String target = fields.word();
        if (stream < 1 || circuit < 0 || target == null) {
            return unusable();
        }
        InetSocketAddress source = null;
        String reason = null;
        String remoteReason = null;
        String purpose = null;
        while (fields.next()) {
            if (source == null && fields.is("SOURCE_ADDR")) {
                source = source(fields.get());
            } else if (reason == null && fields.is("REASON")) {
                reason = fields.get();
            } else if (remoteReason == null && fields.is("REMOTE_REASON")) {
                remoteReason = fields.get();
            } else if (purpose == null && fields.is("PURPOSE")) {
                purpose = fields.get();
            }
        }
        return Optional.of(new StreamEvent(stream, STREAM_STATUSES.getOrDefault(status, StreamEvent.Status.OTHER),
                circuit, source, reason, remoteReason, purpose));
    }

    /**
     * Parses the data of a CIRC event, or one line of {@code GETINFO circuit-status}.
     *
     * @param data {@code id status [path]} and any fields
     * @return the event, or empty if the line is unusable, which is counted
     */
    Optional<CircuitEvent> circuit(String data) {
        EventFields fields = new EventFields(data);
        long circuit = number(fields.word());
        String status = fields.word();
        if (circuit < 1 || status == null) {
            return unusable();
        }
        String reason = null;
        String confluxId = null;
        while (fields.next()) {
            if (reason == null && fields.is("REASON")) {
                reason = fields.get();
            } else if (confluxId == null && fields.is("CONFLUX_ID")) {
                confluxId = fields.get();
            }
        }
        return Optional.of(new CircuitEvent(circuit,
                CIRCUIT_STATUSES.getOrDefault(status, CircuitEvent.Status.OTHER), reason, confluxId));
    }

    /**
     * Parses the data of a STATUS_CLIENT event, or the value of {@code GETINFO status/bootstrap-phase}.
     *
     * @param data {@code severity action} and any fields
     * @return the progress; empty for another action, or if the line is unusable, which is counted
     */
    Optional<ControlEvent> bootstrap(String data) {
        EventFields fields = new EventFields(data);
        String severity = fields.word();
        String action = fields.word();
        if (severity == null || action == null) {
            return unusable();
        }
        if (!action.equals("BOOTSTRAP")) {
            return Optional.empty();
        }
        long percent = -1;
        String summary = "";
        while (fields.next()) {
            if (fields.is("PROGRESS")) {
                percent = number(fields.get());
            } else if (fields.is("SUMMARY")) {
                summary = fields.get();
            }
        }
        if (percent < 0 || percent > 100) {
            return unusable();
        }
        return Optional.of(new ControlEvent.Bootstrap((int) percent, summary));
    }

    /**
     * How many lines could not be used.
     *
     * @return 0 or more
     */
    long unusableCount() {
        return unusable.sum();
    }

    private Optional<ControlEvent> signal(String data) {
        String name = new EventFields(data).word();
        return name == null ? unusable() : Optional.of(new ControlEvent.Signal(name));
    }

    private <T> Optional<T> unusable() {
        unusable.increment();
        return Optional.empty();
    }

    /**
     * Reads a client's address. Tor writes IPv6 without brackets, so the port follows the last colon; a Unix socket
     * gives {@code path:0} and a stream of Tor's own a word in parentheses.
     *
     * @param text Tor's SOURCE_ADDR
     * @return the address, or null if it is no literal address with a port from 1 to 65535
     */
    static InetSocketAddress source(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            return null;
        }
        long port = number(text.substring(colon + 1));
        String host = text.substring(0, colon);
        byte[] address = port < 1 || port > 0xFFFF ? null : NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null) {
            return null;
        }
        try {
            // The literal stands as the name too, so that not even getHostName() asks a name server.
            return new InetSocketAddress(InetAddress.getByAddress(host, address), (int) port);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Reads a decimal number of up to 18 digits, or gives -1. */
    private static long number(String word) {
        if (word == null || word.isEmpty() || word.length() > MOST_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < word.length(); i++) {
            int digit = word.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
