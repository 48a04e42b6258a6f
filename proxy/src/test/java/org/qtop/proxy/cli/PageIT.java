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

    private static final Path PICTURES = Path.of("target", "page");
    /** Its version is that of axe.version in the parent POM. */
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final String POINTS = "return JSON.stringify([...document.querySelectorAll('#circle .point')]"
            + ".map(point => point.dataset.circuit + ' ' + point.dataset.turns + ' ' + point.dataset.winding))";
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

    private static void await(String script, long least) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (browser.run(script).asLong() < least) {
            assertTrue(System.nanoTime() - deadline < 0, script + " stayed below " + least);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Test
    void shouldMovePointsAndFillTheHistogramAsStreamsPass() throws IOException, InterruptedException {
        String before = browser.run(POINTS).asText();
        long held = browser.run(HISTOGRAM).asLong();
        long released = browser.run(RELEASED).asLong();
        assertFalse(before.equals("[]"), "no circuit is shown");
        assertEquals(released, held);
        run.streams(30);
        await(RELEASED, released + 30);
        await(HISTOGRAM, held + 30);
        assertFalse(browser.run(POINTS).asText().equals(before), "no point has moved");
        JsonNode circuit = new ObjectMapper().readTree(get("api/circuits")).path("circuits").path(0);
        assertTrue(browser.run(POINTS).asText().contains(circuit.path("circuit").asText() + " "
                + circuit.path("turns").asText() + " " + circuit.path("winding").asText()),
                "the page shows qtop's phase");
        assertEquals(1, browser.run("return document.querySelectorAll('#holds .law').length").asInt());
    }

    private static String get(String path) throws IOException {
        return org.qtop.proxy.status.StatusClient.get(run.status(), "/" + path);
    }

    @Test
    void shouldHaveNoSeriousFindingOfAxe() throws IOException {
        try (InputStream in = PageIT.class.getResourceAsStream(AXE)) {
            browser.run(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        for (String scheme : List.of("light", "dark")) {
            browser.look(1200, 900, scheme);
            JsonNode findings = new ObjectMapper().readTree(browser.runAsync("const done = arguments[0];"
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
    void shouldStandStillWhilePaused() throws IOException, InterruptedException {
        browser.run("document.getElementById('pause').click()");
        String points = browser.run(POINTS).asText();
        run.streams(5);
        TimeUnit.MILLISECONDS.sleep(2_500);
        assertEquals(points, browser.run(POINTS).asText());
        browser.run("document.getElementById('pause').click()");
        assertFalse(points.equals(browser.run(POINTS).asText()), "the page did not catch up");
    }

    @Test
    void shouldShowNothingOfWhatWasVisited() throws IOException {
        String page = browser.run("return document.documentElement.outerHTML").asText();
        assertEquals(List.of(), MarkedSite.secrets().stream().filter(page::contains).toList());
    }
}
