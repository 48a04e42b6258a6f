package org.qtop.proxy.seedsource;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.qtop.engine.seed.SeedSource;
import org.qtop.proxy.seedsource.ServiceFault.Kind;

/**
 * A service on the internet that answers with random bytes, within a daily allowance. Confined to one thread at a time.
 *
 * <p>One read is one answer, of as many bytes as the service gives at once: whoever needs more reads on. An answer that
 * is not wholly of the documented form is refused whole. The service learns the address that asks (that of a Tor exit
 * if it is asked through Tor), the key and how much is asked for; it sees nothing of streams.
 */
final class HostedSeedSource implements SeedSource, ThroughTor {

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY = 429;

    private final HostedService service;
    private final URI base;
    private final String key;
    private final boolean viaTor;
    private final Allowance allowance;
    private final HttpFetch fetch;
    private final InstantSource clock;
    private final Rest rest;
    private boolean torKnown;

    /**
     * Puts a source together.
     *
     * @param base where the service is; another than its home for tests only
     * @param viaTor whether it must not be asked before Tor is known
     * @param rest how long it is left alone after a fault
     */
    HostedSeedSource(HostedService service, URI base, String key, boolean viaTor, Allowance allowance,
            HttpFetch fetch, InstantSource clock, Rest rest) {
        this.service = service;
        this.base = base;
        this.key = key;
        this.viaTor = viaTor;
        this.allowance = allowance;
        this.fetch = fetch;
        this.clock = clock;
        this.rest = rest;
    }

    @Override
    public String name() {
        return service.name();
    }

    @Override
    public void through(Supplier<SocketAddress> socks) {
        if (viaTor) {
            torKnown = true;
            fetch.through(socks);
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        rest.check();
        int wanted = Math.min(length, service.mostBytes());
        try {
            allowance.take((long) wanted * Byte.SIZE, (long) length * Byte.SIZE);
            byte[] bytes = ask(wanted);
            System.arraycopy(bytes, 0, into, offset, wanted);
            Arrays.fill(bytes, (byte) 0);
            rest.over();
            return wanted;
        } catch (ServiceFault fault) {
            if (fault.kind() == Kind.KEY_REFUSED || fault.kind() == Kind.LIMIT_REACHED) {
                allowance.giveBack((long) wanted * Byte.SIZE);
            }
            throw rest.begin(fault, allowance.renewedAt());
        }
    }

    private byte[] ask(int bytes) throws IOException {
        if (viaTor && !torKnown) {
            throw new ServiceFault(Kind.UNREACHABLE, "Tor is not there yet");
        }
        HttpResponse<byte[]> answer = fetch.fetch(service.request(base, key, bytes).build());
        switch (answer.statusCode()) {
            case OK -> { }
            case UNAUTHORIZED, FORBIDDEN -> throw new ServiceFault(Kind.KEY_REFUSED,
                    "the service refuses the key (status " + answer.statusCode() + "): see --seed-key-file");
            case TOO_MANY -> throw new ServiceFault(Kind.LIMIT_REACHED, "the service says that its limit is reached"
                    + " (status 429)", retryAfter(answer));
            default -> throw new ServiceFault(Kind.STATUS, "the service answers with status " + answer.statusCode(),
                    retryAfter(answer));
        }
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (type.regionMatches(true, 0, "text/html", 0, "text/html".length())) {
            throw JsonAnswer.malformed("a page for people (HTML)");
        }
        return service.read(answer.body(), bytes);
    }

    /** Seconds or a date (RFC 9110, section 10.2.3); null if there is none that can be read. */
    private Duration retryAfter(HttpResponse<?> answer) {
        String text = answer.headers().firstValue("Retry-After").orElse("").strip();
        if (text.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Duration.between(clock.instant(), until);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
