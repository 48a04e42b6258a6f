package org.qtop.proxy.status;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.qtop.proxy.config.Values;

/**
 * Decides which requests are answered at all. Stateless.
 *
 * <p>Host must be an address of this machine with the port that the connection came to, or {@code localhost}: a name
 * that an attacker rebinds to loopback is neither. Origin, if there is one, must be the page's own; and a browser that
 * says that a request comes from another site gets nothing, but for somebody following a link to the page. Source:
 * Fetch Standard, "Origin header"; Fetch Metadata Request Headers.
 */
final class Gate {

    private static final String LOCALHOST = "localhost";
    private static final int HTTP_PORT = 80;

    private Gate() {
    }

    /**
     * Looks at a request.
     *
     * @return what to refuse it with, or empty
     */
    static Optional<HttpResponseStatus> refusal(HttpRequest request, Channel channel) {
        HttpHeaders headers = request.headers();
        if (request.decoderResult().isFailure()) {
            return Optional.of(HttpResponseStatus.BAD_REQUEST);
        }
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        boolean unix = !(channel.localAddress() instanceof InetSocketAddress);
        if (!unix && (hosts.size() != 1 || !hostAllowed(hosts.get(0), channel.localAddress()))) {
            return Optional.of(HttpResponseStatus.FORBIDDEN);
        }
        if (!originAllowed(headers, hosts) || !siteAllowed(headers)) {
            return Optional.of(HttpResponseStatus.FORBIDDEN);
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return Optional.of(HttpResponseStatus.METHOD_NOT_ALLOWED);
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !headers.get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0")) {
            return Optional.of(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        }
        return Optional.empty();
    }

    static boolean hostAllowed(String host, SocketAddress local) {
        InetSocketAddress here = (InetSocketAddress) local;
        String full = host.matches(".*:\\d+") ? host : host + ":" + HTTP_PORT;
        int colon = full.lastIndexOf(':');
        String name = full.substring(0, colon);
        if (name.equalsIgnoreCase(LOCALHOST)) {
            return here.getAddress().isLoopbackAddress() && full.substring(colon + 1).equals("" + here.getPort());
        }
        String bare = name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
        if (!NetUtil.isValidIpV4Address(bare) && !NetUtil.isValidIpV6Address(bare)) {
            return false;
        }
        return Values.address(full).filter(address -> address.equals(here)).isPresent();
    }

    private static boolean originAllowed(HttpHeaders headers, List<String> hosts) {
        List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
        return origins.isEmpty() || origins.size() == 1 && hosts.size() == 1
                && origins.get(0).equalsIgnoreCase("http://" + hosts.get(0));
    }

    private static boolean siteAllowed(HttpHeaders headers) {
        String site = headers.get("Sec-Fetch-Site", "none");
        return site.equals("none") || site.equals("same-origin")
                || headers.get("Sec-Fetch-Mode", "").equals("navigate")
                        && headers.get("Sec-Fetch-Dest", "").equals("document");
    }
}
