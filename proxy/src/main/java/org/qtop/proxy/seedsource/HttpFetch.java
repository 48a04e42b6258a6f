package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.qtop.proxy.seedsource.ServiceFault.Kind;

/** One exchange with a service, within a time limit, directly or through Tor. Thread-safe. */
final class HttpFetch {

    /** A longer body is no answer of any service here: a thousand numbers take some 20 KB. */
    static final int MOST_BODY_BYTES = 262_144;

    private final Patience patience;
    private final SSLContext tls;
    private Supplier<SocketAddress> socks;

    /**
     * Fetches directly, until told where Tor is.
     *
     * @param patience how long one exchange may take
     * @param tls whom to trust; null means the authorities that this Java trusts
     */
    HttpFetch(Patience patience, SSLContext tls) {
        this.patience = patience;
        this.tls = tls;
    }

    /** From now on through the SOCKS port that is given here. */
    void through(Supplier<SocketAddress> newSocks) {
        socks = newSocks;
    }

    /** Asks, and waits for the whole answer. */
    HttpResponse<byte[]> fetch(HttpRequest request) throws IOException {
        if (socks == null) {
            return exchange(client(null), request, null);
        }
        if (!(socks.get() instanceof InetSocketAddress tor)) {
            throw new ServiceFault(Kind.UNREACHABLE, "Tor's SOCKS port is not known as a TCP port");
        }
        URI target = request.uri();
        try (TorTunnel tunnel = TorTunnel.open(tor, target.getHost(), port(target))) {
            return exchange(client(ProxySelector.of(tunnel.address())), request, tunnel);
        }
    }

    private static int port(URI target) {
        return target.getPort() >= 0 ? target.getPort() : 443;
    }

    private HttpClient client(ProxySelector proxy) {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (proxy != null) {
            builder.proxy(proxy);
        }
        if (tls != null) {
            builder.sslContext(tls);
        }
        return builder.build();
    }

    private HttpResponse<byte[]> exchange(HttpClient client, HttpRequest request, TorTunnel tunnel)
            throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request,
                head -> new BoundedBody(MOST_BODY_BYTES));
        try {
            return patience.await(answer);
        } catch (TimeoutException e) {
            throw new ServiceFault(Kind.SLOW, "the service did not answer in time");
        } catch (ExecutionException e) {
            String inTunnel = tunnel == null ? null : tunnel.failure();
            throw inTunnel == null ? fault(e.getCause()) : new ServiceFault(Kind.UNREACHABLE, inTunnel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            answer.cancel(true);
        }
    }

    /** Says what went wrong; messages of the libraries are left out, as they may name what was sent. */
    private static ServiceFault fault(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ServiceFault fault) {
                return fault;
            }
            if (cause instanceof UnresolvedAddressException) {
                return new ServiceFault(Kind.UNREACHABLE, "the service's name cannot be resolved");
            }
            if (cause instanceof SSLException) {
                return new ServiceFault(Kind.UNREACHABLE, "no secure connection (TLS) with the service comes about");
            }
        }
        return failure instanceof ConnectException
                ? new ServiceFault(Kind.UNREACHABLE, "the service cannot be reached")
                : new ServiceFault(Kind.UNREACHABLE, "the connection broke before the answer was whole");
    }
}
