package org.qtop.proxy.socks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Onion addresses of every fate (rend-spec-v3): one that answers, and those that fail each in its own way. */
final class Onions {

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int KEY_BYTES = 32;

    /** Two descriptors, for this period and the next, each to a few relays. */
    private static final int UPLOADS = 4;
    private static final long UPLOAD_SECONDS = 60;

    private final Map<String, byte[]> names = new HashMap<>();
    private final List<String> services;
    private final String giveWrongKey;

    /**
     * Makes them.
     *
     * @param control the control port of the Tor that is to serve them and of its clients
     * @param target where the services lead
     */
    Onions(StreamLog control, String target) throws Exception {
        String open = add(control, target, "");
        String locked = add(control, target, " ClientAuthV3=" + base32(raw("X25519")));
        String lockedToo = add(control, target, " ClientAuthV3=" + base32(raw("X25519")));
        services = List.of(open, locked, lockedToo);
        KeyPair wrong = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        String refusedKey = Base64.getEncoder().encodeToString(last(wrong.getPrivate().getEncoded()));
        giveWrongKey = "ONION_CLIENT_AUTH_ADD " + lockedToo + " x25519:" + refusedKey;
        name("served", open);
        name("locked", locked);
        name("wrongkey", lockedToo);
        name("missing", addressOf(raw("Ed25519")));
        byte[] bad = addressOf(raw("Ed25519")).getBytes(StandardCharsets.US_ASCII);
        bad[3] = (byte) (bad[3] == 'a' ? 'b' : 'a');
        name("bad", new String(bad, StandardCharsets.US_ASCII));
    }

    private static String add(StreamLog control, String target, String more) throws Exception {
        List<String> reply = control.command("ADD_ONION NEW:ED25519-V3 Flags=DiscardPK"
                + (more.isEmpty() ? "" : ",V3Auth") + " Port=80," + target + more);
        if (!reply.get(0).startsWith("250-ServiceID=")) {
            throw new IllegalStateException(reply.toString());
        }
        return reply.get(0).substring("250-ServiceID=".length());
    }

    /**
     * Has the client use a key that one of the services does not know.
     *
     * @param client the control port of the client, which forgets such keys whenever its configuration is set
     */
    void giveWrongKey(StreamLog client) throws Exception {
        String told = client.command(giveWrongKey).get(0);
        if (!told.startsWith("25")) {
            throw new IllegalStateException(told);
        }
    }

    /** Waits until whoever asks finds the descriptors. */
    void awaitUploads(StreamLog log) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(UPLOAD_SECONDS);
        while (services.stream().anyMatch(service -> log.uploadsOf(service) < UPLOADS)) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("no onion service within " + UPLOAD_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void name(String name, String address) {
        names.put(name, (address + ".onion").getBytes(StandardCharsets.US_ASCII));
    }

    /** A new public key. */
    private static byte[] raw(String algorithm) throws GeneralSecurityException {
        return last(KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPublic().getEncoded());
    }

    private static byte[] last(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
    }

    private static String addressOf(byte[] key) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA3-256");
        digest.update(".onion checksum".getBytes(StandardCharsets.US_ASCII));
        digest.update(key);
        byte[] checksum = digest.digest(new byte[] {3});
        ByteArrayOutputStream address = new ByteArrayOutputStream();
        address.writeBytes(key);
        address.write(checksum, 0, 2);
        address.write(3);
        return base32(address.toByteArray());
    }

    private static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte octet : bytes) {
            buffer = buffer << 8 | octet & 0xff;
            for (bits += 8; bits >= 5; bits -= 5) {
                text.append(ALPHABET.charAt(buffer >> bits - 5 & 31));
            }
        }
        return bits == 0 ? text.toString() : text.append(ALPHABET.charAt(buffer << 5 - bits & 31)).toString();
    }

    /**
     * The addresses with {@code .onion}: served, locked, wrongkey, missing, bad; and unasked, unasked.later and
     * unasked.socks4a, which are missing too and new each time: once its directories were asked for an address, Tor
     * says at once that it is missing, and for a while a client has no time to leave before.
     */
    Map<String, byte[]> names() throws GeneralSecurityException {
        for (String unasked : List.of("unasked", "unasked.later", "unasked.socks4a")) {
            name(unasked, addressOf(raw("Ed25519")));
        }
        return names;
    }
}
