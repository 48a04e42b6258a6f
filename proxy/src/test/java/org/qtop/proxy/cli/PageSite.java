package org.qtop.proxy.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A page on loopback with 40 sub-resources, ten each of style sheets, scripts, pictures and what a script fetches, that
 * tells the site every byte it got. For tests.
 */
final class PageSite implements AutoCloseable {

    static final int RESOURCES = 40;
    static final String HOST = QtopChild.SECRET + "-page.localhost";

    private static final String PATH = "/" + QtopChild.SECRET;
    private static final int EACH = 10;
    private static final int PIXELS = 24;
    private static final int LONGEST = 6_000;
    private static final String PAGE = """
            <!doctype html><meta charset="utf-8"><title>page</title>
            <script>const got = {}; function say(i, text) { got[i] = text; }</script>
            %s
            <script>
            const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
            addEventListener('load', async () => {
              for (let i = 0; i < 10; i++) {
                const value = getComputedStyle(document.documentElement).getPropertyValue('--r' + i);
                got[i] = value.trim().replaceAll('"', '');
              }
              for (let i = 20; i < 30; i++) {
                const picture = document.getElementById('r' + i), canvas = document.createElement('canvas');
                canvas.width = picture.naturalWidth; canvas.height = picture.naturalHeight;
                const pen = canvas.getContext('2d');
                pen.drawImage(picture, 0, 0);
                got[i] = hex(pen.getImageData(0, 0, canvas.width, canvas.height).data.filter((b, at) => at %% 4 < 3));
              }
              await Promise.all(Array.from({length: 10}, async (_, at) => {
                const answer = await fetch('%s/r/' + (30 + at));
                got[30 + at] = hex(new Uint8Array(await answer.arrayBuffer()));
              }));
              await fetch('%s/report/' + location.hash.slice(1), {method: 'POST', body: JSON.stringify(got)});
            });
            </script>
            """;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> reports = new ConcurrentHashMap<>();

    private PageSite(HttpServer server) {
        this.server = server;
    }

    static PageSite start() throws IOException {
        PageSite site = new PageSite(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64));
        site.server.createContext(PATH + "/page", exchange -> answer(exchange, "text/html; charset=utf-8",
                page().getBytes(StandardCharsets.UTF_8)));
        site.server.createContext(PATH + "/r/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            int number = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
            answer(exchange, number < EACH ? "text/css" : number < 2 * EACH ? "text/javascript"
                    : number < 3 * EACH ? "image/bmp" : "application/octet-stream", resource(number));
        });
        site.server.createContext(PATH + "/report/", site::report);
        site.server.setExecutor(site.threads);
        site.server.start();
        return site;
    }

    int port() {
        return server.getAddress().getPort();
    }

    static String url(String host, int port, String report) {
        return "http://" + host + ":" + port + PATH + "/page" + (report.isEmpty() ? "" : "#" + report);
    }

    static String resourceUrl(String host, int port, Object number) {
        return "http://" + host + ":" + port + PATH + "/r/" + number;
    }

    static String page() {
        String tags = IntStream.range(0, 3 * EACH).mapToObj(i -> i < EACH
                ? "<link rel=\"stylesheet\" href=\"" + PATH + "/r/" + i + "\">" : i < 2 * EACH
                ? "<script src=\"" + PATH + "/r/" + i + "\"></script>"
                : "<img id=\"r" + i + "\" src=\"" + PATH + "/r/" + i + "\">").collect(Collectors.joining("\n"));
        return PAGE.formatted(tags, PATH, PATH);
    }

    /** The bytes of a sub-resource. */
    static byte[] resource(int number) {
        if (number < EACH) {
            return (":root { --r" + number + ": \"" + said(number) + "\" }").getBytes(StandardCharsets.US_ASCII);
        }
        if (number < 2 * EACH) {
            return ("say(" + number + ", \"" + said(number) + "\");").getBytes(StandardCharsets.US_ASCII);
        }
        return number < 3 * EACH ? picture(number) : random(number, LONGEST);
    }

    private static byte[] random(int number, int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(number).nextBytes(bytes);
        return bytes;
    }

    /** A bitmap of 24 bits a pixel, rows from the top, in blue, green, red. */
    private static byte[] picture(int number) {
        byte[] pixels = random(number, PIXELS * PIXELS * 3);
        ByteBuffer file = ByteBuffer.allocate(54 + pixels.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(54);
        file.putInt(40).putInt(PIXELS).putInt(-PIXELS).putShort((short) 1).putShort((short) 24);
        file.putInt(0).putInt(pixels.length).putInt(0).putInt(0).putInt(0).putInt(0);
        for (int i = 0; i < pixels.length; i += 3) {
            file.put(pixels[i + 2]).put(pixels[i + 1]).put(pixels[i]);
        }
        return file.array();
    }

    /** What the page must tell of a sub-resource. */
    private static String said(int number) {
        int size = number >= 2 * EACH && number < 3 * EACH ? PIXELS * PIXELS * 3 : LONGEST;
        return HexFormat.of().formatHex(random(number, size));
    }

    /** What the page must tell the site. */
    static String wholeReport() {
        return IntStream.range(0, RESOURCES).mapToObj(i -> "\"" + i + "\":\"" + said(i) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** What the page told under a name, or null. */
    String reported(String name) {
        return reports.get(name);
    }

    private void report(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        reports.put(path.substring(path.lastIndexOf('/') + 1),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        answer(exchange, "text/plain", new byte[] {'k'});
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
