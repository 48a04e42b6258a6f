package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP CONNECT that is to reach Tor as SOCKS5: read as Tor's HTTPTunnelPort reads it. Immutable.
 *
 * <p>Source: Tor proposal 365 and the behaviour of tor 0.4.9.11, odd corners included: a header counts only if one
 * space follows its colon, the first of several counts, and a NUL ends everything.
 *
 * @param refusal what Tor answers instead of opening a stream: code and phrase, empty to say nothing; or null
 * @param host what the client asks for, one character for each byte
 * @param port 0 if the client gave none
 * @param isolation what isolates the stream, in a form in which only equal keys are equal
 */
record HttpConnect(String refusal, String host, int port, byte[] isolation) {

    private static final Pattern REQUEST_LINE =
            Pattern.compile("CONNECT[ \t\r]+([^# \t\r\n]+)[ \t\r]*HTTP/1\\.\\d{1,9}\r");
    private static final String LENGTH_HEADER = "\r\nContent-Length: ";
    private static final Pattern LENGTH = Pattern.compile("[ \t]*\\+?0*(\\d{1,18})\\s*\n");
    private static final Pattern URL = Pattern.compile("https?://[^/]*(/.*)");
    private static final Pattern PORT = Pattern.compile("\\+?0{0,9}(\\d{1,5})");
    private static final String IPV6 = "[0-9a-fA-F.]*:[0-9a-fA-F:.]*";
    private static final int LONGEST_HOST = 255;
    private static final int HIGHEST_PORT = 65_535;
    /** Between the two header values that make up Tor's password field. */
    private static final String BETWEEN = "\u0001\u00ff\u0001\u00ff";
    private static final String USER = "<torS0X>0";

    /**
     * Reads the head of a request.
     *
     * @param head begins with {@code CONNECT} and ends with an empty line; read only
     * @return the request, or its refusal
     */
    static HttpConnect parse(ByteBuf head) {
        String text = head.toString(StandardCharsets.ISO_8859_1);
        text = text.indexOf('\0') < 0 ? text : text.substring(0, text.indexOf('\0'));
        Matcher line = REQUEST_LINE.matcher(text);
        if (badLength(text) || !line.lookingAt()) {
            return refused("");
        }
        String host = withoutScheme(line.group(1));
        int port = 0;
        int colon = host.lastIndexOf(':');
        if (colon >= 0 && !(host.matches(IPV6) && NetUtil.isValidIpV6Address(host))) {
            port = portOf(host.substring(colon + 1));
            if (port == 0) {
                return refused("400 Bad Request");
            }
            host = host.substring(0, colon);
        }
        if (host.length() > LONGEST_HOST) {
            return refused("414 Request-URI Too Long");
        }
        if (header(text, "Tor-RPC-Target: ") != null) {
            return refused("501 Not implemented (No RPC Support)");
        }
        return new HttpConnect(null, host, port, isolation(text));
    }

    private static HttpConnect refused(String status) {
        return new HttpConnect(status, "", 0, new byte[0]);
    }

    /** Tor makes a path of a whole URL, which it then cannot use. */
    private static String withoutScheme(String target) {
        Matcher url = URL.matcher(target);
        return url.matches() ? url.group(1) : target;
    }

    /** Tor looks at no body, but closes at a length that is no number. */
    private static boolean badLength(String head) {
        int at = head.indexOf(LENGTH_HEADER);
        if (at < 0) {
            return false;
        }
        Matcher length = LENGTH.matcher(head).region(at + LENGTH_HEADER.length(), head.length());
        return !length.lookingAt() || Long.parseLong(length.group(1)) > Integer.MAX_VALUE;
    }

    private static int portOf(String text) {
        Matcher port = PORT.matcher(text);
        int value = port.matches() ? Integer.parseInt(port.group(1)) : 0;
        return value > HIGHEST_PORT ? 0 : value;
    }

    private static String header(String head, String name) {
        for (int at = 0; at >= 0 && at < head.length(); at = head.indexOf('\n', at) + 1) {
            if (head.regionMatches(true, at, name, 0, name.length())) {
                int end = head.indexOf('\r', at);
                return head.substring(at + name.length(), end < 0 ? head.length() : end);
            }
            if (head.indexOf('\n', at) < 0) {
                return null;
            }
        }
        return null;
    }

    private static byte[] isolation(String head) {
        String authorization = header(head, "Proxy-Authorization: ");
        String isolation = header(head, "Tor-Stream-Isolation: ");
        String extraIsolation = header(head, "X-Tor-Stream-Isolation: ");
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        put(key, authorization);
        put(key, isolation == null && extraIsolation == null ? null
                : (isolation == null ? "" : isolation) + BETWEEN + (extraIsolation == null ? "" : extraIsolation));
        return key.toByteArray();
    }

    /** Absent and empty are different keys, as they are to Tor. */
    private static void put(ByteArrayOutputStream key, String value) {
        key.writeBytes((value == null ? "-" : value.length() + ":" + value).getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Says the same in SOCKS5: greeting, login and request.
     *
     * @param http makes the password
     * @return to be sent at once
     */
    ByteBuf asSocks(TorHttp http) {
        String password = http.password(isolation);
        return Unpooled.buffer()
                .writeByte(ClientFramer.SOCKS5).writeByte(1).writeByte(LocalAnswer.METHOD_LOGIN)
                .writeByte(ClientFramer.LOGIN_VERSION)
                .writeByte(USER.length()).writeBytes(USER.getBytes(StandardCharsets.US_ASCII))
                .writeByte(password.length()).writeBytes(password.getBytes(StandardCharsets.US_ASCII))
                .writeByte(ClientFramer.SOCKS5).writeByte(ClientFramer.COMMAND_CONNECT).writeByte(0)
                .writeByte(ClientFramer.ADDRESS_NAME)
                .writeByte(host.length()).writeBytes(host.getBytes(StandardCharsets.ISO_8859_1))
                .writeShort(port);
    }
}
