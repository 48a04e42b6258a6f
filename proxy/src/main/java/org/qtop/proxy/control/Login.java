package org.qtop.proxy.control;

import java.io.IOException;
import java.net.SocketException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.qtop.proxy.control.ControlException.Kind;

/**
 * Logs in on a fresh connection, by the best way that Tor offers and the settings allow. Confined to one thread.
 *
 * <p>A given password is tried first, and alone: when it is wrong, its owner wants to know. Then the login that asks
 * for nothing, then SAFECOOKIE, which shows the cookie to nobody, then COOKIE.
 *
 * <p>Source: Tor control-spec, "PROTOCOLINFO", "AUTHENTICATE", "AUTHCHALLENGE".
 */
final class Login {

    private static final SecureRandom NONCES = new SecureRandom();

    private final ControlWire wire;
    private final ControlSettings settings;

    Login(ControlWire wire, ControlSettings settings) {
        this.wire = wire;
        this.settings = settings;
    }

    /**
     * Who answered, and how it let us in.
     *
     * @param version Tor's version, possibly empty
     * @param method how
     */
    record Result(String version, LoginMethod method) {
    }

    /**
     * Logs in.
     *
     * @return who answered
     * @throws ControlException naming what is missing, wrong or refused
     * @throws IOException if the connection broke
     */
    Result run() throws ControlException, IOException {
        ProtocolInfo info = protocolInfo();
        LoginMethod method = choose(info);
        switch (method) {
            case NULL -> authenticate(method, new byte[0]);
            case HASHEDPASSWORD -> withPassword();
            case COOKIE -> withCookie(info);
            case SAFECOOKIE -> withSafeCookie(info);
            default -> throw new AssertionError(method);
        }
        return new Result(info.version(), method);
    }

    private ProtocolInfo protocolInfo() throws ControlException, IOException {
        ControlReply reply;
        try {
            reply = wire.exchange("PROTOCOLINFO 1");
        } catch (ReplyReader.MalformedReplyException | SocketException e) {
            throw notControl(e);
        }
        if (reply == null) {
            throw notControl(null);
        }
        if (!reply.ok()) {
            throw refused(Kind.LOGIN_REFUSED, "PROTOCOLINFO", reply);
        }
        return ProtocolInfo.parse(reply);
    }

    private LoginMethod choose(ProtocolInfo info) throws ControlException {
        Set<LoginMethod> offered = info.methods();
        if (settings.passwordFile().isPresent() && offered.contains(LoginMethod.HASHEDPASSWORD)) {
            return LoginMethod.HASHEDPASSWORD;
        }
        // In the order of preference, but for the password.
        for (LoginMethod method : LoginMethod.values()) {
            if (method != LoginMethod.HASHEDPASSWORD && offered.contains(method)) {
                return method;
            }
        }
        if (offered.contains(LoginMethod.HASHEDPASSWORD)) {
            throw new ControlException(Kind.PASSWORD_MISSING, "Tor's control port " + settings.addressText()
                    + " wants a password: give its file with --control-password-file");
        }
        throw new ControlException(Kind.NO_METHOD, "Tor's control port " + settings.addressText()
                + " offers no login that is known here (" + String.join(", ", info.unknownMethods())
                + "): set CookieAuthentication 1 in Tor's configuration");
    }

    private void withPassword() throws ControlException, IOException {
        byte[] password = LoginSecrets.password(settings.passwordFile().orElseThrow());
        try {
            authenticate(LoginMethod.HASHEDPASSWORD, password);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private void withCookie(ProtocolInfo info) throws ControlException, IOException {
        authenticate(LoginMethod.COOKIE, LoginSecrets.cookie(settings, info));
    }

    private void withSafeCookie(ProtocolInfo info) throws ControlException, IOException {
        byte[] cookie = LoginSecrets.cookie(settings, info);
        byte[] clientNonce = new byte[SafeCookie.BYTES];
        NONCES.nextBytes(clientNonce);
        ControlReply reply = required(wire.exchange("AUTHCHALLENGE SAFECOOKIE " + hex(clientNonce)));
        if (!reply.ok()) {
            throw refused(Kind.LOGIN_REFUSED, "AUTHCHALLENGE", reply);
        }
        byte[] serverHash = null;
        byte[] serverNonce = null;
        EventFields fields = new EventFields(reply.text());
        while (fields.next()) {
            if (fields.is("SERVERHASH")) {
                serverHash = bytes(fields.get());
            } else if (fields.is("SERVERNONCE")) {
                serverNonce = bytes(fields.get());
            }
        }
        if (serverHash == null || serverNonce == null
                || !SafeCookie.proves(cookie, clientNonce, serverNonce, serverHash)) {
            throw new ControlException(Kind.LOGIN_REFUSED, "what answers at " + settings.addressText()
                    + " does not know the cookie in the file that was read: it is not the Tor of that file,"
                    + " give the right one with --control-cookie");
        }
        authenticate(LoginMethod.SAFECOOKIE, SafeCookie.answer(cookie, clientNonce, serverNonce));
    }

    /** In hexadecimal, which holds any bytes and needs no escapes. */
    private void authenticate(LoginMethod method, byte[] proof) throws ControlException, IOException {
        ControlReply reply = required(wire.exchange(proof.length == 0 ? "AUTHENTICATE" : "AUTHENTICATE " + hex(proof)));
        if (reply.ok()) {
            return;
        }
        if (method == LoginMethod.HASHEDPASSWORD) {
            throw new ControlException(Kind.PASSWORD_WRONG, reply.code(), "Tor's control port "
                    + settings.addressText() + " did not take the password in "
                    + settings.passwordFile().orElseThrow() + ": give the one whose hash is Tor's"
                    + " HashedControlPassword", null);
        }
        throw refused(Kind.LOGIN_REFUSED, "the login by " + method, reply);
    }

    private ControlReply required(ControlReply reply) throws ControlException {
        if (reply == null) {
            throw new ControlException(Kind.LOST, "Tor's control port " + settings.addressText()
                    + " closed the connection during the login: look into Tor's log");
        }
        return reply;
    }

    private ControlException refused(Kind kind, String what, ControlReply reply) {
        return new ControlException(kind, reply.code(), "Tor's control port " + settings.addressText() + " refused "
                + what + " (" + reply.code() + ' ' + ControlSession.printable(reply.text())
                + "): look into the configuration of Tor, or of the filter in front of it", null);
    }

    private ControlException notControl(IOException cause) {
        return new ControlException(Kind.NOT_CONTROL, settings.addressText() + " answers, but not as Tor's control port"
                + " does: is it Tor's SocksPort, or another program's? Give the ControlPort of Tor's configuration"
                + " with --tor-control", cause);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    /** 32 bytes in hexadecimal, or null. */
    private static byte[] bytes(String hex) {
        try {
            byte[] bytes = HexFormat.of().parseHex(hex);
            return bytes.length == SafeCookie.BYTES ? bytes : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
