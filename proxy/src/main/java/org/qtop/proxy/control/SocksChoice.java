package org.qtop.proxy.control;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Chooses among the SOCKS ports that Tor tells. Stateless.
 *
 * <p>Tor tells them in the order of its configuration, and not what each is for: one in front of the usual port may
 * serve onion services alone. So the usual one comes first. After it come those that are called over IPv4 loopback,
 * since only there Tor tells clients apart by addresses; and TCP comes before Unix sockets, where Tor does not say
 * which stream is whose.
 */
public final class SocksChoice {

    private static final String IPV4 = "127.0.0.1";
    private static final String IPV6 = "::1";

    private SocksChoice() {
    }

    /**
     * Chooses one.
     *
     * @param told where Tor listens, in its order; may be empty
     * @param usual where it listens unless it is told otherwise
     * @return where to call it: one that it told, on loopback if that is a wildcard; or the usual one if it told none
     */
    public static SocketAddress among(List<SocketAddress> told, SocketAddress usual) {
        List<InetSocketAddress> tcp = told.stream().filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast).filter(address -> !address.isUnresolved()).toList();
        return Stream.<Optional<? extends SocketAddress>>of(
                        first(tcp, address -> callable(address).equals(usual)).map(SocksChoice::callable),
                        first(tcp, address -> onIpv4(address) && address.getAddress().isLoopbackAddress()),
                        first(tcp, address -> onIpv4(address) && address.getAddress().isAnyLocalAddress())
                                .map(SocksChoice::callable),
                        first(tcp, address -> callable(address).getAddress().isLoopbackAddress())
                                .map(SocksChoice::callable),
                        first(tcp, address -> true),
                        told.stream().filter(UnixDomainSocketAddress.class::isInstance).findFirst())
                .flatMap(Optional::stream).findFirst().map(SocketAddress.class::cast).orElse(usual);
    }

    private static Optional<InetSocketAddress> first(List<InetSocketAddress> all,
            Predicate<InetSocketAddress> condition) {
        return all.stream().filter(condition).findFirst();
    }

    private static boolean onIpv4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }

    /** Where to call a port: a wildcard at loopback, of its own family, since Tor's IPv6 listeners are IPv6 only. */
    private static InetSocketAddress callable(InetSocketAddress address) {
        return address.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(onIpv4(address) ? IPV4 : IPV6, address.getPort()) : address;
    }
}
