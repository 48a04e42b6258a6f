package org.qtop.proxy.control;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads Tor's lists of listeners. Stateless. Source: Tor control-spec, GETINFO {@code net/listeners/*}. */
final class ListenerList {

    private static final String UNIX = "unix:";

    private ListenerList() {
    }

    /**
     * Reads one list.
     *
     * @param value quoted addresses, separated by blanks; may be empty
     * @return those that could be read, in order
     */
    static List<SocketAddress> parse(String value) {
        List<SocketAddress> listeners = new ArrayList<>();
        EventFields fields = new EventFields(value);
        while (fields.nextValue()) {
            SocketAddress address = address(fields.get());
            if (address != null) {
                listeners.add(address);
            }
        }
        return listeners;
    }

    private static SocketAddress address(String text) {
        if (!text.startsWith(UNIX)) {
            return EventParser.source(text);
        }
        try {
            return UnixDomainSocketAddress.of(Path.of(text.substring(UNIX.length())));
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
