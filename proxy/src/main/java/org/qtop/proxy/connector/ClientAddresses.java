package org.qtop.proxy.connector;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.qtop.proxy.stream.StreamException;
import org.qtop.proxy.stream.StreamFailure;

/**
 * Gives each client a loopback address of its own to call Tor from, so that a Tor on loopback tells clients apart as it
 * would without us. Thread-safe.
 *
 * <p>At the first listener, a client of 127.0.0.0/9 keeps its own address. Every other client (of another machine, of
 * another listener, on a Unix socket) gets the next free address of 127.128.0.0/9 and keeps it to the end of the run.
 * No address is ever given to two clients: when all are given out, a new client is refused.
 */
public final class ClientAddresses {

    /** How many clients can have an address of 127.128.0.0/9 in one run. */
    public static final int MOST = 65_536;

    private static final int LOOPBACK = 127;
    private static final int POOL = 128;

    private final int most;
    private final Map<Client, InetAddress> given = new HashMap<>();

    /** No client has an address yet. */
    public ClientAddresses() {
        this(MOST);
    }

    ClientAddresses(int most) {
        this.most = most;
    }

    /**
     * Finds the address of a client.
     *
     * @param client whose
     * @return where to call Tor from; empty if any will do, because the client is 127.0.0.1 itself
     * @throws StreamException if no address is left
     */
    Optional<InetAddress> of(Client client) throws StreamException {
        InetAddress own = client.address().orElse(null);
        if (client.listener() == 0 && own instanceof Inet4Address && own.isLoopbackAddress()) {
            byte[] octets = own.getAddress();
            if ((octets[1] & 0xff) < POOL) {
                boolean usual = octets[1] == 0 && octets[2] == 0 && octets[3] == 1;
                return usual ? Optional.empty() : Optional.of(own);
            }
        }
        return Optional.of(fromPool(client));
    }

    private synchronized InetAddress fromPool(Client client) throws StreamException {
        InetAddress address = given.get(client);
        if (address == null) {
            if (given.size() >= most) {
                throw new StreamException(StreamFailure.NO_ADDRESS_LEFT);
            }
            address = numbered(given.size() + 1);
            given.put(client, address);
        }
        return address;
    }

    private static InetAddress numbered(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {LOOPBACK, (byte) (POOL + (number >> 16)), (byte) (number >> 8),
                (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 bytes is valid", e);
        }
    }
}
