package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.status.Browser;
import org.qtop.proxy.status.StatusClient;

/** What a qtop that holds real streams tells of itself. */
@ExtendWith(PrivateNetworkExtension.class)
class StatusIT {

    private static final int STREAMS = 40;

    private static LiveRun run;

    @BeforeAll
    static void start(PrivateNetwork network) throws Exception {
        run = LiveRun.on(network);
        run.streams(STREAMS);
    }

    private static String get(String path) throws IOException {
        return StatusClient.get(run.status(), path);
    }

    /** Sends bytes and gives all that comes back. */
    private static String ask(String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(run.status());
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldTellWhatHappened() throws IOException {
        JsonNode status = new ObjectMapper().readTree(get("/api/status"));
        assertEquals("connected", status.path("tor").path("control").asText());
        assertEquals(100, status.path("tor").path("bootstrapPercent").asInt());
        assertTrue(status.path("streams").path("streamsMatched").asLong() >= STREAMS, status.toString());
        assertEquals(0, status.path("verifier").path("violations").asLong());
        assertTrue(status.path("hold").path("p99Nanos").asLong() <= 10_100_000);
        assertTrue(status.path("setup").path("count").asLong() >= STREAMS);
        assertTrue(status.path("bytes").path("downstream").asLong() >= STREAMS * 700L);
        JsonNode circuits = new ObjectMapper().readTree(get("/api/circuits")).path("circuits");
        assertTrue(circuits.size() >= 5, "five logins ride five circuits: " + circuits);
        assertTrue(new ObjectMapper().readTree(get("/api/streams")).path("released").size() >= STREAMS);
        assertEquals("alive\n", get("/healthz"));
        assertEquals("ready\n", get("/readyz"));
    }

    @Test
    void shouldPassPromtool() throws IOException, InterruptedException {
        assumeTrue(Browser.installed("promtool"), "promtool is not installed; scripts/test installs it");
        Process promtool = new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
        promtool.getOutputStream().write(get("/metrics").getBytes(StandardCharsets.UTF_8));
        promtool.getOutputStream().close();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(promtool.waitFor(20, TimeUnit.SECONDS));
        assertEquals("", said);
        assertEquals(0, promtool.exitValue());
    }

    @Test
    void shouldRefuse200RequestsWithWrongHostOrOrigin() throws IOException {
        String here = Values.text(run.status());
        int port = run.status().getPort();
        List<String> wrong = List.of("Host: evil.example", "Host: evil.example:" + port, "Host: 127.0.0.1",
                "Host: 127.0.0.1:" + (port + 1), "Host: 127.0.0.1.evil.example:" + port, "Host: 127.0.0.2:" + port,
                "Host: localhost.evil.example:" + port, "Host: [::2]:" + port, "Host: 2130706433:" + port,
                "Host: 127.1:" + port, "X-Host: " + here, "Host: " + here + "\r\nHost: evil.example",
                "Host: " + here + "\r\nOrigin: http://evil.example", "Host: " + here + "\r\nOrigin: null",
                "Host: " + here + "\r\nOrigin: https://" + here, "Host: " + here + "\r\nOrigin: http://localhost:1",
                "Host: " + here + "\r\nSec-Fetch-Site: cross-site",
                "Host: " + here + "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script",
                "Host: " + here + "\r\nSec-Fetch-Site: same-site",
                "Host: " + here + "\r\nOrigin: http://" + here + "\r\nOrigin: http://evil.example");
        List<String> paths = List.of("/", "/page.js", "/metrics", "/healthz", "/readyz", "/api/status",
                "/api/circuits", "/api/streams", "/api/events", "/nothing");
        int refused = 0;
        for (String path : paths) {
            for (String headers : wrong) {
                String answer = ask("GET " + path + " HTTP/1.1\r\n" + headers + "\r\n\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 403 "), path + " " + headers + ": " + answer);
                refused++;
            }
        }
        assertEquals(200, refused);
    }

    @Test
    void shouldNameNothingThatWasVisited() throws IOException, InterruptedException {
        StringBuilder all = new StringBuilder();
        for (String path : List.of("/api/status", "/api/circuits", "/api/streams", "/metrics", "/", "/page.js")) {
            all.append(get(path));
        }
        all.append(event());
        all.append(run.journal());
        run.log().forEach(all::append);
        assertTrue(run.log().stream().anyMatch(line -> line.startsWith("DEBUG") && line.contains("held")),
                "nothing was logged");
        assertTrue(run.journal().lines().count() >= STREAMS);
        String text = all.toString();
        assertEquals(List.of(), MarkedSite.secrets().stream().filter(text::contains).toList());
    }

    /** One event of the stream that the page reads. */
    private static String event() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(run.status());
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(("GET /api/events HTTP/1.1\r\nHost: " + Values.text(run.status())
                    + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            while (!read.toString(StandardCharsets.UTF_8).endsWith("}\n\n")) {
                read.write(in.read());
            }
            return read.toString(StandardCharsets.UTF_8);
        }
    }
}
