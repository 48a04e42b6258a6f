package org.qtop.proxy.socks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * What Tor's HTTPTunnelPort says, for an HTTP CONNECT that goes to Tor as SOCKS5. Stateless.
 *
 * <p>Source: Tor proposal 365, and what tor 0.4.9.11 answers. Several of Tor's reasons share one SOCKS5 reply code: the
 * one that Tor gives most is named then.
 */
final class HttpReply {

    private static final int SUCCEEDED = 0x00;
    private static final int NOT_ALLOWED = 0x02;
    private static final int NET_UNREACHABLE = 0x03;
    private static final int HOST_UNREACHABLE = 0x04;
    private static final int REFUSED = 0x05;
    private static final int TTL_EXPIRED = 0x06;

    private HttpReply() {
    }

    /**
     * Tells a client how its request ended.
     *
     * @param socksCode Tor's SOCKS5 reply code
     * @param version Tor's version, or an empty text
     * @return a whole head
     */
    static ByteBuf to(int socksCode, String version) {
        return switch (socksCode) {
            case SUCCEEDED -> head("200 OK", version, "");
            case NOT_ALLOWED -> head("403 Forbidden (exit policy)", version, "end/EXITPOLICY");
            case NET_UNREACHABLE -> head("500 Internal Server Error (weird end reason)", version,
                    "c-tor/NET_UNREACHABLE");
            case HOST_UNREACHABLE -> head("503 Service Unavailable (resolve failed)", version, "end/RESOLVEFAILED");
            case REFUSED -> head("403 Forbidden (connection refused)", version, "end/CONNECTREFUSED");
            case TTL_EXPIRED -> head("504 Gateway Timeout", version, "end/TIMEOUT");
            default -> head("500 Internal Server Error", version, "end/MISC");
        };
    }

    /**
     * Refuses a request that no stream comes of.
     *
     * @param status code and phrase; if empty nothing is said
     * @param version Tor's version, or an empty text
     * @return a whole head, or nothing
     */
    static ByteBuf refusal(String status, String version) {
        return status.isEmpty() ? Unpooled.EMPTY_BUFFER : head(status, version, "");
    }

    private static ByteBuf head(String status, String version, String failure) {
        return Unpooled.copiedBuffer("HTTP/1.0 " + status + "\r\nTor-Capabilities: \r\n"
                + "Via: tor/1.0 tor-network (tor" + (version.isEmpty() ? "" : " " + version) + ")\r\n"
                + (failure.isEmpty() ? "" : "Tor-Request-Failed: " + failure + "\r\n") + "\r\n",
                StandardCharsets.US_ASCII);
    }
}
