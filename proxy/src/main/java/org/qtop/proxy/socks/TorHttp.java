package org.qtop.proxy.socks;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.qtop.proxy.connector.Client;
import org.qtop.proxy.connector.Dialler;

/**
 * How an HTTP CONNECT reaches Tor: through Tor's HTTPTunnelPort if one is known, else as a SOCKS5 request. Thread-safe.
 */
public final class TorHttp {

    private static final String ALGORITHM = "HmacSHA256";

    private final Optional<Dialler> port;
    private final Supplier<String> version;
    private final SecretKeySpec key;

    private TorHttp(Optional<Dialler> port, Supplier<String> version, SecretKeySpec key) {
        this.port = port;
        this.version = version;
        this.key = key;
    }

    private static SecretKeySpec freshKey() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return new SecretKeySpec(random, ALGORITHM);
    }

    /** The same for one client, whom Tor is to tell from others. */
    TorHttp from(Client client) {
        return new TorHttp(port.map(dialler -> dialler.from(client)), version, key);
    }

    /**
     * Through Tor's own HTTP port.
     *
     * @param port dials Tor's HTTPTunnelPort
     * @param version as for {@link #asSocks}
     * @return the way
     */
    public static TorHttp through(Dialler port, Supplier<String> version) {
        return new TorHttp(Optional.of(port), version, freshKey());
    }

    /**
     * As a SOCKS5 request to the port that all other streams go to.
     *
     * @param version Tor's version, for the headers of answers that we make ourselves; empty while it is not known
     * @return the way
     */
    public static TorHttp asSocks(Supplier<String> version) {
        return new TorHttp(Optional.empty(), version, freshKey());
    }

    Optional<Dialler> port() {
        return port;
    }

    /** Tor's version, or an empty text. */
    String version() {
        return version.get();
    }

    /**
     * Makes a SOCKS5 password of what isolates an HTTP stream: equal for equal input and for no other, in one run.
     * Nobody else can make it, so that no SOCKS5 client can share a circuit with HTTP clients, as none can at Tor.
     *
     * @param isolation what isolates the stream
     * @return 64 hexadecimal digits
     */
    String password(byte[] isolation) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(isolation));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
