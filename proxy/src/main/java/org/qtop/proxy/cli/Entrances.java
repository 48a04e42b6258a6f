package org.qtop.proxy.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.qtop.proxy.config.Listen;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.connector.ClientAddresses;
import org.qtop.proxy.connector.TorConnector;
import org.qtop.proxy.connector.Transport;
import org.qtop.proxy.connector.UnixSocketFile;
import org.qtop.proxy.socks.Admission;
import org.qtop.proxy.socks.FrontContext;
import org.qtop.proxy.socks.Listeners;
import org.qtop.proxy.socks.SocksServer;

/** Opens the places where applications connect, and tells a person about them. Stateless. */
final class Entrances {

    private Entrances() {
    }

    /**
     * Fails now rather than after Tor's bootstrap if a place is taken.
     *
     * @param settings the settings in force
     * @throws Failure naming the place
     */
    static void checkFree(Settings settings) throws Failure {
        for (Listen listen : settings.listen()) {
            try {
                checkFree(listen.address());
            } catch (IOException e) {
                throw taken(listen.address(), e);
            }
        }
    }

    private static void checkFree(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix) {
            UnixSocketFile.checkFree(unix.getPath());
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        }
    }

    /**
     * Opens every place.
     *
     * @param transport event loops
     * @param settings the settings in force
     * @param socks Tor's SOCKS port, for listeners that name no other
     * @param addresses where each client's own address towards Tor is from
     * @param shared what all connections share, but for how they reach Tor
     * @return all listeners, to be closed
     * @throws Failure if one of them cannot be opened, or cannot do what it is to do; none is left open then
     */
    static Listeners open(Transport transport, Settings settings, Supplier<SocketAddress> socks,
            ClientAddresses addresses, FrontContext shared) throws Failure {
        Admission admission = new Admission(settings.allow(), shared.metrics());
        List<SocksServer> open = new ArrayList<>();
        try {
            for (Listen listen : settings.listen()) {
                checkApart(listen, listen.tor().orElseGet(socks));
                TorConnector connector = new TorConnector(transport, () -> listen.tor().orElseGet(socks), addresses);
                open.add(listen(transport, listen, open.size(), admission, shared.through(connector)));
            }
        } catch (Failure e) {
            open.forEach(SocksServer::close);
            throw e;
        }
        return new Listeners(open);
    }

    /** Whoever asks for PROXY headers wants clients kept apart: better no start than circuits that they share. */
    private static void checkApart(Listen listen, SocketAddress tor) throws Failure {
        if (listen.proxyHeader() && !tellsAddresses(tor)) {
            throw new Failure(ExitCode.USAGE, "--listen " + Values.text(listen.address()) + ",proxy: keeps clients"
                    + " apart by loopback addresses, which Tor at " + Values.text(tor) + " does not see; give a SOCKS"
                    + " port of Tor on 127.0.0.1");
        }
    }

    private static boolean tellsAddresses(SocketAddress tor) {
        return tor instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address ipv4
                && ipv4.isLoopbackAddress();
    }

    private static SocksServer listen(Transport transport, Listen listen, int number, Admission admission,
            FrontContext shared) throws Failure {
        try {
            return SocksServer.listen(transport, listen, number, admission, shared);
        } catch (IOException e) {
            throw taken(listen.address(), e.getCause() instanceof IOException cause ? cause : e);
        }
    }

    private static Failure taken(SocketAddress address, IOException e) {
        boolean busy = e instanceof BindException && String.valueOf(e.getMessage()).contains("in use");
        if (address instanceof UnixDomainSocketAddress) {
            return new Failure(ExitCode.LISTEN, "--listen " + Values.text(address) + (busy
                    ? ": another program listens there; end it, or give another path"
                    : ": cannot be listened on (" + e.getMessage() + "); give a path in a folder that this user may"
                            + " write to"));
        }
        return new Failure(ExitCode.LISTEN, "--listen " + Values.text(address) + (busy
                ? ": another program has this port (Tor Browser's own tor uses 9150); end it, or give another port"
                : ": cannot be listened on (" + e.getMessage() + "); give an address of this machine and a port that"
                        + " this user may use"));
    }

    /** Every place, as a person would type them. */
    static String text(Listeners listeners) {
        return listeners.all().stream().map(server -> Values.text(server.place())).collect(Collectors.joining(","));
    }

    /** What to tell an application about one place. */
    static String invitation(SocksServer server) {
        String place = Values.text(server.place());
        return (server.place() instanceof UnixDomainSocketAddress ? place : "socks5h://" + place)
                + (server.listen().proxyHeader() ? " (a PROXY header, version 2, then SOCKS5, names resolved by Tor)"
                        : " (SOCKS5, names resolved by Tor)");
    }

    /** What does not work as one might expect, one line each. */
    static List<String> remarks(List<SocksServer> listeners, Settings settings, TorAccess tor) {
        List<String> remarks = new ArrayList<>();
        for (SocksServer server : listeners) {
            SocketAddress socks = server.listen().tor().orElseGet(tor.socks());
            String from = Values.text(server.place()) + ": ";
            if (socks instanceof UnixDomainSocketAddress && tor.control().isPresent()) {
                remarks.add(from + "over Tor's Unix socket Tor does not say which stream is whose, so these get"
                        + " stand-in identifiers");
            }
            if (!tellsAddresses(socks)) {
                remarks.add(from + "Tor is not at 127.0.0.1, so clients are kept apart by their logins alone, not by"
                        + " their addresses");
            }
        }
        Optional<SocksServer> open = listeners.stream().filter(server -> !server.listen().local()).findFirst();
        open.ifPresent(server -> remarks.add(Values.text(server.place()) + ": accepts this machine and "
                + settings.allow().stream().map(Object::toString).collect(Collectors.joining(", "))));
        return remarks;
    }
}
