package org.qtop.proxy.control;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The arithmetic of logging in by SAFECOOKIE. Stateless.
 *
 * <p>Source: Tor control-spec, "AUTHCHALLENGE".
 */
final class SafeCookie {

    /** Bytes of a cookie, of each nonce and of each hash. */
    static final int BYTES = 32;

    private static final String SERVER_KEY = "Tor safe cookie authentication server-to-controller hash";
    private static final String CONTROLLER_KEY = "Tor safe cookie authentication controller-to-server hash";

    private SafeCookie() {
    }

    /**
     * Tells whether the other side knows the cookie, in a time that does not depend on where the hashes differ.
     *
     * @param cookie 32 bytes
     * @param clientNonce ours, 32 bytes
     * @param serverNonce Tor's, 32 bytes
     * @param serverHash what the other side sent
     * @return true if it does
     */
    static boolean proves(byte[] cookie, byte[] clientNonce, byte[] serverNonce, byte[] serverHash) {
        return MessageDigest.isEqual(hash(SERVER_KEY, cookie, clientNonce, serverNonce), serverHash);
    }

    /**
     * What we answer to show that we know the cookie.
     *
     * @param cookie 32 bytes
     * @param clientNonce ours, 32 bytes
     * @param serverNonce Tor's, 32 bytes
     * @return 32 bytes for AUTHENTICATE
     */
    static byte[] answer(byte[] cookie, byte[] clientNonce, byte[] serverNonce) {
        return hash(CONTROLLER_KEY, cookie, clientNonce, serverNonce);
    }

    private static byte[] hash(String key, byte[] cookie, byte[] clientNonce, byte[] serverNonce) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            mac.update(cookie);
            mac.update(clientNonce);
            return mac.doFinal(serverNonce);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform must have HmacSHA256", e);
        }
    }
}
