package org.qtop.proxy.seedsource;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.qtop.engine.seed.SeedSource;

/** Speaks both hosted services' documented formats on loopback, and misbehaves on demand. */
public final class StandInService implements AutoCloseable {

    /** The key that it wants to see. */
    public static final String KEY = "s3cret-key-of-a-test";
    private static final Pattern COUNT = Pattern.compile("(?:number_of_blocks\":|length=)(\\d+)");
    private static final Duration LONG = Duration.ofSeconds(60);

    /** What it does wrong, and what the log line must say of it. */
    public enum Fault {
        REFUSED("cannot be reached"),
        SLOW("did not answer in time"),
        SLOW_BODY("did not answer in time"),
        CUT("broke before the answer was whole"),
        WRONG_TYPE("a number that is not|something that is not a whole number"),
        FRACTION("not a string of decimal digits|not a whole number"),
        TOO_LARGE("not from 0 to 255"),
        NEGATIVE("not a string of decimal digits|not from 0 to 255"),
        SHORT("numbers instead of"),
        LONG("numbers instead of"),
        STUCK("repetition count test"),
        BIASED("adaptive proportion test"),
        HTML("HTML"),
        HTML_UNTOLD("not JSON"),
        EMPTY("not a JSON object"),
        ARRAY("not a JSON object"),
        OTHER_OBJECT("without an array|without \"success\""),
        TRAILING("not JSON"),
        TWICE("not JSON"),
        HUGE("longer than 262144 bytes"),
        QUOTA("limit is reached"),
        WRONG_KEY("refuses the key"),
        FORBIDDEN("refuses the key"),
        BROKEN("status 503"),
        MOVED("status 302");

        private final String reason;

        Fault(String reason) {
            this.reason = reason;
        }

        /** A regular expression. */
        public String reason() {
            return reason;
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HostedService service;
    private final SplittableRandom random;
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Fault fault;
    private volatile String retryAfter;
    private SSLContext trust;
    private String host;

    private StandInService(HttpServer server, HostedService service, long seed) {
        this.server = server;
        this.service = service;
        this.random = new SplittableRandom(seed);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /** Stands in for a service by its name. */
    public static StandInService of(String name, long seed) throws IOException {
        return new StandInService(HttpServer.create(loopback(), 0), byName(name), seed);
    }

    /** The same over TLS. */
    static StandInService secure(String name, SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new StandInService(server, byName(name), 1);
    }

    /** A service over TLS under a name, and a source that reaches it through Tor. */
    public static StandInService behindTor(Path keys, String host) throws Exception {
        TestTls tls = TestTls.make(keys, host);
        StandInService service = secure("outshift", tls.server());
        service.trust = tls.trust();
        service.host = host;
        return service;
    }

    /** The source that reaches it. */
    public SeedSource sourceThrough(Supplier<SocketAddress> socks, Path folder) throws IOException {
        InstantSource clock = InstantSource.system();
        HostedSeedSource source = new HostedSeedSource(service, URI.create("https://" + host + ":" + port()), KEY, true,
                new Allowance(folder, service.name(), 100_000, clock), new HttpFetch(Patience.of(LONG), trust), clock,
                new Rest(clock, () -> 0));
        source.through(socks);
        return source;
    }

    private static InetSocketAddress loopback() throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    }

    private static HostedService byName(String name) {
        return name.equals("anu") ? new AnuService() : new OutshiftService();
    }

    /** Begins to misbehave; null ends it. */
    public void misbehave(Fault newFault) {
        fault = newFault;
        if (newFault == Fault.REFUSED) {
            server.stop(0);
        }
    }

    void retryAfter(String text) {
        retryAfter = text;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** What was asked: method, path, interesting headers and body, in order. */
    public List<String> requests() {
        return requests;
    }

    /** A source that asks this service, on a clock and with chances handed in. */
    public SeedSource source(Path folder, InstantSource clock) throws IOException {
        return source(folder, clock, 100_000, 0.5);
    }

    HostedSeedSource source(Path folder, InstantSource clock, long dailyBits, double chance) throws IOException {
        URI base = URI.create("http://127.0.0.1:" + port());
        return new HostedSeedSource(service, base, KEY, false, new Allowance(folder, service.name(), dailyBits, clock),
                new HttpFetch(patience(), null), clock, new Rest(clock, () -> chance));
    }

    /** Loses patience with a slow service as soon as the service has begun to be slow. */
    Patience patience() {
        return new Patience() {
            @Override
            public <T> T await(CompletableFuture<T> something)
                    throws TimeoutException, ExecutionException, InterruptedException {
                if (fault == Fault.SLOW || fault == Fault.SLOW_BODY) {
                    arrived.await();
                    throw new TimeoutException();
                }
                return Patience.of(LONG).await(something);
            }
        };
    }

    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = exchange.getRequestHeaders();
        String key = headers.getFirst(service.name().equals("anu") ? "x-api-key" : "x-id-api-key");
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + headers.getFirst("Content-Type") + " " + KEY.equals(key) + " " + body);
        Matcher count = COUNT.matcher(exchange.getRequestURI() + body);
        int wanted = count.find() ? Integer.parseInt(count.group(1)) : 0;
        if (retryAfter != null) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        try (exchange) {
            if (fault == null) {
                send(exchange, 200, "application/json", numbers(wanted, 256));
            } else {
                misbehave(exchange, wanted);
            }
        }
    }

    private void misbehave(HttpExchange exchange, int wanted) throws IOException {
        switch (fault) {
            case SLOW -> stall();
            case SLOW_BODY -> {
                exchange.sendResponseHeaders(200, 10_000);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                stall();
            }
            case CUT -> {
                byte[] whole = numbers(wanted, 256).getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, whole.length);
                exchange.getResponseBody().write(whole, 0, whole.length / 2);
                exchange.getResponseBody().flush();
            }
            case HUGE -> huge(exchange);
            case QUOTA -> send(exchange, 429, "application/json", "{\"message\":\"" + KEY + "\"}");
            case WRONG_KEY -> send(exchange, 401, "application/json", "{\"message\":\"" + KEY + "\"}");
            case FORBIDDEN -> send(exchange, 403, "application/json", "{\"message\":\"Forbidden\"}");
            case BROKEN -> send(exchange, 503, "text/plain", "later");
            case MOVED -> {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
                send(exchange, 302, "text/plain", "");
            }
            case HTML -> send(exchange, 200, "text/html; charset=utf-8", "<html>Sign in</html>");
            default -> send(exchange, 200, "application/json", wrong(wanted));
        }
    }

    private String wrong(int wanted) {
        return switch (fault) {
            case WRONG_TYPE -> list(IntStream.range(0, wanted).mapToObj(i -> anu() ? "\"" + i % 256 + "\""
                    : "{\"decimal\":" + i % 256 + "}").toList());
            case FRACTION -> numbersWithFirst("1.5", wanted);
            case TOO_LARGE -> numbersWithFirst("256", wanted);
            case NEGATIVE -> numbersWithFirst("-1", wanted);
            case SHORT -> numbers(wanted - 1, 256);
            case LONG -> numbers(wanted + 1, 256);
            case STUCK -> numbers(wanted, 1);
            case BIASED -> numbers(wanted, 16);
            case EMPTY -> "";
            case ARRAY -> "[1,2,3]";
            case OTHER_OBJECT -> "{\"success\":\"true\",\"message\":\"" + KEY + "\"}";
            case TRAILING -> numbers(wanted, 256) + "{}";
            case TWICE -> numbers(wanted, 256).replaceFirst("\\{", "{\"data\":[],\"random_numbers\":[],");
            default -> "<html>Sign in</html>";
        };
    }

    private boolean anu() {
        return service.name().equals("anu");
    }

    private String numbers(int count, int below) {
        return list(IntStream.range(0, count).mapToObj(i -> number(Integer.toString(random.nextInt(below)))).toList());
    }

    private String numbersWithFirst(String first, int wanted) {
        return list(IntStream.range(0, wanted).mapToObj(i -> number(i == 0 ? first : "7")).toList());
    }

    private String number(String digits) {
        return anu() ? digits : "{\"decimal\":\"" + digits + "\",\"binary\":\"0\"}";
    }

    private String list(List<String> numbers) {
        String joined = numbers.stream().collect(Collectors.joining(",", "[", "]"));
        return anu() ? "{\"success\":true,\"type\":\"uint8\",\"length\":\"" + numbers.size() + "\",\"data\":" + joined
                + "}" : "{\"random_numbers\":" + joined + "}";
    }

    private void stall() {
        arrived.countDown();
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Goes on until the other side has had enough. */
    private static void huge(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] blanks = " ".repeat(65_536).getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < 1_000; i++) {
                out.write(blanks);
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    /** A clock that stands still until it is set. */
    public static final class HandClock implements InstantSource {

        private volatile Instant now;

        /** Stands at a moment. */
        public HandClock(String now) {
            this.now = Instant.parse(now);
        }

        /** Moves on. */
        public void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
