package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.status.Browser;

/** The page in a real browser, over a qtop that holds real streams. */
@ExtendWith(PrivateNetworkExtension.class)
class PageIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PICTURES = Path.of("target", "page");
    /** Its version is that of axe.version in the parent POM. */
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final String POINTS = "return JSON.stringify([...document.querySelectorAll('#circle .point')]"
            + ".map(point => ({...point.dataset})))";
    private static final String HISTOGRAM = "return [...document.querySelectorAll('#holds .bar')]"
            + ".reduce((sum, bar) => sum + Number(bar.dataset.count), 0)";
    private static final String RELEASED = "return Number(document.body.dataset.released || 0)";

    @TempDir
    private static Path profile;
    private static LiveRun run;
    private static Browser browser;

    @BeforeAll
    static void open(PrivateNetwork network) throws Exception {
        assumeTrue(Browser.installed("chromedriver") && Browser.installed("chromium"),
                "chromium or chromedriver is not installed; scripts/test installs them");
        run = LiveRun.on(network);
        run.streams(20);
        browser = Browser.open(profile);
        browser.look(1200, 900, "light");
        // What Chromium loaded before is its own start page.
        browser.go("about:blank");
        browser.requests();
        browser.console();
        browser.go(run.url());
        await(RELEASED, 20);
    }

    @AfterAll
    static void close() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    /** Whatever a test did: nothing came from elsewhere, nothing went wrong in silence. */
    @AfterEach
    void shouldNeitherComplainNorLeaveItsOrigin() throws IOException {
        // axe-core, which a test brings into the page, measures colours on a canvas, and Chromium comments on it.
        assertEquals(List.of(), browser.console().stream().filter(line -> !line.contains("Canvas2D")).toList());
        assertEquals(List.of(), browser.requests().stream().filter(url -> !url.startsWith(run.url())).toList());
    }

    private static void await(String script, long least) throws Exception {
        Waiting.until(Waiting.LONG, script + " reaches " + least, () -> browser.run(script).asLong() >= least);
    }

    /** The points of the page, each with its circuit, turns and winding number. */
    private static JsonNode points() throws IOException {
        return JSON.readTree(browser.run(POINTS).asText());
    }

    /** As numbers: Java and the browser write the same one differently. */
    private static boolean shows(JsonNode points, JsonNode circuit) {
        for (JsonNode point : points) {
            if (point.path("circuit").asText().equals(circuit.path("circuit").asText())) {
                return Double.parseDouble(point.path("turns").asText()) == circuit.path("turns").asDouble()
                        && point.path("winding").asText().equals(circuit.path("winding").asText());
            }
        }
        return false;
    }

    @Test
    void shouldMovePointsAndFillTheHistogramAsStreamsPass() throws Exception {
        // A stream is released first and entered in the books once Tor has told its circuit.
        Waiting.until(Waiting.LONG, "a bar for every release",
                () -> browser.run(RELEASED).asLong() == browser.run(HISTOGRAM).asLong());
        JsonNode before = points();
        long released = browser.run(RELEASED).asLong();
        assertFalse(before.isEmpty(), "no circuit is shown");
        run.streams(30);
        await(RELEASED, released + 30);
        await(HISTOGRAM, released + 30);
        Waiting.until(Waiting.LONG, "a point moves", () -> !points().equals(before));
        Waiting.until(Waiting.LONG, "the page shows qtop's phase",
                () -> shows(points(), read("api/circuits").path("circuits").path(0)));
        assertEquals(1, browser.run("return document.querySelectorAll('#holds .law').length").asInt());
    }

    private static JsonNode read(String path) throws IOException {
        return JSON.readTree(org.qtop.proxy.status.StatusClient.get(run.status(), "/" + path));
    }

    /** How many releases are in qtop's books. */
    private static long entered() throws IOException {
        return read("api/status").path("verifier").path("releases").asLong();
    }

    @Test
    void shouldHaveNoSeriousFindingOfAxe() throws IOException {
        try (InputStream in = PageIT.class.getResourceAsStream(AXE)) {
            browser.run(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        for (String scheme : List.of("light", "dark")) {
            browser.look(1200, 900, scheme);
            JsonNode findings = JSON.readTree(browser.runAsync("const done = arguments[0];"
                    + "axe.run().then(r => done(JSON.stringify(r.violations)), e => done(String(e)))").asText());
            List<String> serious = new ArrayList<>();
            findings.forEach(finding -> {
                if (finding.path("impact").asText().matches("serious|critical")) {
                    serious.add(finding.path("id").asText() + ": " + finding.path("nodes").path(0));
                }
            });
            assertEquals(List.of(), serious, scheme);
            assertTrue(findings.isArray(), findings.toString());
        }
        browser.look(1200, 900, "light");
    }

    @Test
    void shouldFitEveryScreenInLightAndDark() throws IOException {
        for (int width : new int[] {390, 320, 768, 1200}) {
            for (String scheme : List.of("light", "dark")) {
                browser.look(width, 800, scheme);
                assertTrue(browser.run("return document.documentElement.scrollWidth <= window.innerWidth").asBoolean(),
                        "wider than a screen of " + width);
                browser.picture(PICTURES.resolve(width + "-" + scheme + ".png"));
            }
        }
        browser.look(1200, 900, "light");
    }

    @Test
    void shouldBeUsableByKeyboard() throws IOException {
        browser.run("document.activeElement.blur(); window.getSelection().removeAllRanges()");
        List<String> reached = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            browser.press("Tab", 9, "");
            reached.add(browser.run("return document.activeElement.id || document.activeElement.className"
                    + " || document.activeElement.tagName").asText());
        }
        assertEquals(List.of("skip", "pause", "SUMMARY", "scroll"), reached.subList(0, 4));
        browser.run("document.getElementById('pause').focus()");
        browser.press("Enter", 13, "\r");
        assertEquals("true", browser.run("return document.getElementById('pause').ariaPressed").asText());
        browser.press("Enter", 13, "\r");
        assertEquals("false", browser.run("return document.getElementById('pause').ariaPressed").asText());
    }

    @Test
    void shouldStandStillWhilePaused() throws Exception {
        browser.run("document.getElementById('pause').click()");
        JsonNode points = points();
        long before = entered();
        run.streams(5);
        Waiting.until(Waiting.LONG, "five releases", () -> entered() >= before + 5);
        // The page is told every second, and would have drawn it by now.
        TimeUnit.MILLISECONDS.sleep(2_500);
        assertEquals(points, points());
        browser.run("document.getElementById('pause').click()");
        Waiting.until(Waiting.LONG, "the page catches up", () -> !points.equals(points()));
    }

    @Test
    void shouldShowNothingOfWhatWasVisited() throws IOException {
        String page = browser.run("return document.documentElement.outerHTML").asText();
        assertEquals(List.of(), MarkedSite.secrets().stream().filter(page::contains).toList());
    }
}
