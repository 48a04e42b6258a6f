package org.qtop.proxy.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real headless Chromium, driven through chromedriver by the WebDriver protocol. For tests. */
public final class Browser implements AutoCloseable {

    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
    /** Over a pipe: else chromedriver looks up the name localhost, which a bare machine may not know. */
    private static final List<String> FLAGS = List.of("--headless", "--remote-debugging-pipe", "--no-sandbox",
            "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--window-size=1200,900");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final String session;

    private Browser(Process driver, int port, Path profile) throws IOException {
        this.driver = driver;
        List<String> flags = new ArrayList<>(FLAGS);
        flags.add("--user-data-dir=" + profile);
        JsonNode opened = post("http://127.0.0.1:" + port + "/session", Map.of("capabilities", Map.of("alwaysMatch",
                Map.of("browserName", "chrome", "goog:loggingPrefs", Map.of("browser", "ALL", "performance", "ALL"),
                        "goog:chromeOptions", Map.of("args", flags)))));
        session = "http://127.0.0.1:" + port + "/session/" + opened.path("sessionId").asText();
    }

    /** Tells whether a program is on PATH: scripts/test installs what the tests need. */
    public static boolean installed(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Starts one with an empty profile. */
    public static Browser open(Path profile) throws IOException {
        Process driver = new ProcessBuilder("chromedriver", "--port=0").redirectErrorStream(true).start();
        BufferedReader out = new BufferedReader(new InputStreamReader(driver.getInputStream(),
                StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                Thread reader = new Thread(() -> out.lines().forEach(ignored -> { }), "chromedriver-output");
                reader.setDaemon(true);
                reader.start();
                return new Browser(driver, Integer.parseInt(started.group(1)), profile);
            }
        }
        throw new IOException("chromedriver did not start");
    }

    private JsonNode post(String url, Map<String, ?> body) throws IOException {
        try {
            HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(60))
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))).build(),
                    HttpResponse.BodyHandlers.ofString());
            JsonNode value = JSON.readTree(answer.body()).path("value");
            if (answer.statusCode() != 200) {
                throw new IOException(value.path("message").asText());
            }
            return value;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Goes to a page and waits until it is loaded. */
    public void go(String url) throws IOException {
        post(session + "/url", Map.of("url", url));
    }

    /** Runs a script in the page; {@code return} gives its value. */
    public JsonNode run(String script) throws IOException {
        return post(session + "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /** Runs a script that ends by calling its last argument, {@code arguments[0]}. */
    public JsonNode runAsync(String script) throws IOException {
        return post(session + "/execute/async", Map.of("script", script, "args", List.of()));
    }

    /** Sends a command of the DevTools protocol. */
    public JsonNode devTools(String command, Map<String, ?> parameters) throws IOException {
        return post(session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    /** Sets the width and the colours. */
    public void look(int width, int height, String scheme) throws IOException {
        devTools("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height, "deviceScaleFactor", 1,
                "mobile", width < 600));
        devTools("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", "prefers-color-scheme",
                "value", scheme), Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Presses and lets go a key. */
    public void press(String key, int code, String text) throws IOException {
        devTools("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "code", key,
                "windowsVirtualKeyCode", code, "text", text));
        devTools("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key,
                "windowsVirtualKeyCode", code));
    }

    /** Writes a picture of the whole page. */
    public void picture(Path file) throws IOException {
        String data = devTools("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
                .path("data").asText();
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(data));
    }

    /** What the console said since the last call: warnings and errors. */
    public List<String> console() throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode entry : post(session + "/se/log", Map.of("type", "browser"))) {
            lines.add(entry.path("level").asText() + " " + entry.path("message").asText());
        }
        return lines;
    }

    /** The addresses that the page asked for since the last call. */
    public List<String> requests() throws IOException {
        List<String> urls = new ArrayList<>();
        Iterator<JsonNode> entries = post(session + "/se/log", Map.of("type", "performance")).elements();
        while (entries.hasNext()) {
            JsonNode message = JSON.readTree(entries.next().path("message").asText()).path("message");
            if (message.path("method").asText().equals("Network.requestWillBeSent")) {
                urls.add(message.path("params").path("request").path("url").asText());
            }
        }
        return urls;
    }

    @Override
    public void close() throws IOException {
        try {
            http.send(HttpRequest.newBuilder(URI.create(session)).DELETE().timeout(Duration.ofSeconds(20)).build(),
                    HttpResponse.BodyHandlers.discarding());
            driver.destroy();
            if (!driver.waitFor(10, TimeUnit.SECONDS)) {
                driver.destroyForcibly();
            }
        } catch (InterruptedException e) {
            driver.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
