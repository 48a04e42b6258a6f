package org.qtop.proxy.config;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One place where applications connect. Immutable.
 *
 * <p>Its text is {@code ADDRESS[=TOR][,proxy][,mode=MODE]}: ADDRESS and TOR are {@code HOST:PORT} or {@code unix:PATH};
 * several are joined by commas, so a path holds neither a comma nor an equals sign.
 *
 * @param address a TCP address, port 0 lets the system choose, or a Unix socket
 * @param tor the SOCKS port of Tor that its streams go to, if another than {@code --tor-socks}
 * @param proxyHeader whether each connection begins with a PROXY protocol header, version 2
 * @param mode who may use a Unix socket; of no meaning for TCP
 */
public record Listen(SocketAddress address, Optional<SocketAddress> tor, boolean proxyHeader,
        Set<PosixFilePermission> mode) {

    /** Only the user who runs qtop may use a Unix socket. */
    public static final Set<PosixFilePermission> OWNER_ONLY = Set.copyOf(PosixFilePermissions.fromString("rw-------"));

    private static final String WANTED = "give an IP address and a port, such as 127.0.0.1:9150 or [::1]:9150, or"
            + " unix:/path, each with =TOR (another SOCKS port of Tor), proxy or mode=660 if wanted;"
            + " several are joined by commas";
    private static final String MODE = "mode=";

    /**
     * A plain listener.
     *
     * @param address where
     * @return a listener without anything special
     */
    public static Listen at(SocketAddress address) {
        return new Listen(address, Optional.empty(), false, OWNER_ONLY);
    }

    /**
     * Reads a list of listeners.
     *
     * @param text see above
     * @return at least one
     * @throws SettingException naming the value and what would be right
     */
    static List<Listen> read(String text) throws SettingException {
        List<Listen> all = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Optional<Listen> last = all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
            Optional<Listen> changed = last.flatMap(listen -> listen.with(part));
            if (changed.isPresent()) {
                all.set(all.size() - 1, changed.get());
            } else {
                all.add(one(part).orElseThrow(() -> SettingException.badValue(Setting.LISTEN, text, WANTED)));
            }
        }
        return List.copyOf(all);
    }

    private static Optional<Listen> one(String text) {
        int equals = text.indexOf('=');
        Optional<SocketAddress> address = Values.socket(equals < 0 ? text : text.substring(0, equals));
        if (equals < 0) {
            return address.map(Listen::at);
        }
        Optional<SocketAddress> tor = Values.socket(text.substring(equals + 1)).filter(Listen::canBeDialled);
        return address.filter(where -> tor.isPresent()).map(where -> new Listen(where, tor, false, OWNER_ONLY));
    }

    private static boolean canBeDialled(SocketAddress address) {
        return !(address instanceof InetSocketAddress inet) || inet.getPort() > 0;
    }

    private Optional<Listen> with(String word) {
        if (word.equals("proxy")) {
            return Optional.of(new Listen(address, tor, true, mode));
        }
        boolean octal = word.matches(MODE + "0?[0-7]{3}") && address instanceof UnixDomainSocketAddress;
        return octal ? Optional.of(new Listen(address, tor, proxyHeader,
                permissions(Integer.parseInt(word.substring(MODE.length()), 8)))) : Optional.empty();
    }

    private static Set<PosixFilePermission> permissions(int octal) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] fromHighest = PosixFilePermission.values();
        for (int i = 0; i < fromHighest.length; i++) {
            if ((octal >> fromHighest.length - 1 - i & 1) != 0) {
                permissions.add(fromHighest[i]);
            }
        }
        return Set.copyOf(permissions);
    }

    /**
     * Tells whether only programs of this machine can connect.
     *
     * @return true for a loopback address and for a Unix socket
     */
    public boolean local() {
        return !(address instanceof InetSocketAddress inet) || inet.getAddress().isLoopbackAddress();
    }
}
