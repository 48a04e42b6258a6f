package org.qtop.proxy.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.metrics.Bins;
import org.qtop.proxy.metrics.Counter;

class StatusTest {

    private final Subjects subjects = new Subjects();

    private JsonNode page() throws IOException {
        return new ObjectMapper().readTree(new StatusJson(subjects.subject()).page());
    }

    @Test
    void shouldTellCircuitsWithTheirTrailsAndWindingNumbers() throws IOException {
        for (int i = 0; i < 50; i++) {
            subjects.release(7, 1_000);
        }
        JsonNode circuit = page().path("circuits").path(0);
        assertEquals(7, circuit.path("circuit").asInt());
        assertEquals(subjects.engine.path(7).winding(), circuit.path("winding").asLong());
        assertEquals(50, circuit.path("streams").asLong());
        assertEquals(CircuitsJson.TRAIL, circuit.path("trail").size());
        assertEquals(circuit.path("turns").asDouble(), circuit.path("trail").path(CircuitsJson.TRAIL - 1).asDouble());
    }

    @Test
    void shouldShowHoldsAgainstTheirLaw() throws IOException {
        for (int i = 0; i < 2_000; i++) {
            subjects.release(1 + i % 3, 10_000);
        }
        JsonNode hold = page().path("hold");
        double chiSquared = 0;
        double shares = 0;
        for (int i = 0; i < hold.path("counts").size(); i++) {
            double expected = 2_000 * hold.path("expected").path(i).asDouble();
            shares += hold.path("expected").path(i).asDouble();
            chiSquared += Math.pow(hold.path("counts").path(i).asDouble() - expected, 2) / expected;
        }
        assertEquals(1, shares, 1e-6);
        assertTrue(chiSquared < 82, "chi squared of 39 degrees: " + chiSquared);
        assertEquals(5.05e6, hold.path("p50Nanos").asDouble(), 3e5);
    }

    @Test
    void shouldKnowTheShareOfEachBinForAnyLaw() {
        HoldLaw exponential = HoldLaw.exponential(1_000, 10_001_000, 2_000_000);
        assertEquals((1 - Math.exp(-1)) / (1 - Math.exp(-5)), HoldPicture.shareUpTo(exponential, 2_001_000), 1e-6);
        assertEquals(1, HoldPicture.shareUpTo(exponential, 10_001_000));
        assertEquals(0, HoldPicture.shareUpTo(exponential, 999));
        assertEquals(1, HoldPicture.shareUpTo(HoldLaw.uniform(5, 5), 5));
        Bins bins = new Bins(0, 9, 5);
        assertEquals(List.of(1L, 3L, 5L, 7L, 9L), List.of(bins.lastOf(0), bins.lastOf(1), bins.lastOf(2),
                bins.lastOf(3), bins.lastOf(4)));
        for (long value = -1; value <= 10; value++) {
            bins.record(value);
        }
        assertEquals("[3, 2, 2, 2, 3]", java.util.Arrays.toString(bins.counts()));
    }

    @Test
    void shouldSayFirstWhatIsWorst() {
        subjects.tor = new TorState("x", "", "", TorState.Control.LOST, "refused", -1);
        subjects.withFault();
        subjects.metrics.count(Counter.SOCKETS_MISSING);
        List<Warning> warnings = Warning.of(subjects.subject());
        assertEquals(List.of("error", "warning", "warning", "note"),
                warnings.stream().map(warning -> warning.level().word()).toList(), warnings.toString());
        assertTrue(warnings.get(0).text().contains("control port is lost"));
        assertEquals(List.of(), Warning.of(new Subjects().subject()));
    }

    @Test
    void shouldWarnOfLatenessSilenceAndMissingHolds() {
        Subjects bad = new Subjects(Map.of(Setting.MIN_HOLD, "0", Setting.MAX_HOLD, "0"));
        for (int i = 0; i < 200; i++) {
            bad.release(1, 50_000_000);
        }
        bad.alive = false;
        String all = Warning.of(bad.subject()).toString();
        assertTrue(all.contains("not held") && all.contains("silent") && all.contains("later than planned"), all);
        assertEquals("This set-up hides nothing: every stream is held for the same time.",
                Hiding.sentence(bad.settings, HoldAt.REQUEST));
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUEST", "ATTACH"})
    void shouldSayWhatIsHiddenInOneSentence(HoldAt holdAt) throws IOException {
        subjects.holdAt = holdAt;
        assertEquals("Whether you acted at one moment or 0.99 ms later, whoever sees only the release guesses right"
                + " 55.0% of the time (a coin: 50%); from 9.9 ms apart on it is no secret, and nothing else is"
                + " hidden.", page().path("hides").path("sentence").asText());
        assertEquals(holdAt.name().toLowerCase(Locale.ROOT), page().path("settings").path("holdAt").asText());
    }

    @Test
    void shouldClaimToHideNothingOfTheMomentWhenRepliesWait() throws IOException {
        subjects.holdAt = HoldAt.REPLY;
        assertEquals("This set-up hides nothing of when you acted: streams are held at Tor's reply, when the network"
                + " has seen them; only their first data leaves late.", page().path("hides").path("sentence").asText());
        assertEquals("reply", page().path("settings").path("holdAt").asText());
    }

    @Test
    void shouldBeReadyOnlyWithATorThatIs() {
        assertTrue(subjects.tor.ready());
        assertTrue(new TorState("x", "", "", TorState.Control.NONE, "", -1).ready());
        assertTrue(new TorState("x", "", "", TorState.Control.CONNECTED, "", -1).ready());
        assertFalse(new TorState("x", "", "", TorState.Control.CONNECTED, "", 85).ready());
        assertFalse(new TorState("x", "", "", TorState.Control.LOST, "gone", 100).ready());
    }

    @Test
    void shouldHearALoopFallSilent() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
        Heartbeat heart = new Heartbeat(List.of(channel.eventLoop()), now::get);
        assertTrue(heart.alive());
        now.addAndGet(Heartbeat.LONGEST_SILENCE_NANOS);
        assertFalse(heart.alive());
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertTrue(heart.alive());
        channel.close();
    }

    @Test
    void shouldWriteCountsAsPrometheusReadsThem() {
        subjects.release(1, 20_000);
        subjects.release(1, 2_000_000_000_000L);
        subjects.metrics.relayed(false, 42);
        String text = new String(new MetricsText(subjects.subject()).write(), StandardCharsets.UTF_8);
        for (String line : List.of("# TYPE qtop_hold_seconds histogram", "qtop_hold_seconds_count 2",
                "qtop_release_lateness_seconds_bucket{le=\"2.5E-5\"} 1",
                "qtop_release_lateness_seconds_bucket{le=\"60.0\"} 1",
                "qtop_release_lateness_seconds_bucket{le=\"+Inf\"} 2",
                "qtop_relayed_bytes_total{direction=\"downstream\"} 42.0",
                "qtop_streams_matched_total 2.0", "qtop_seeds_made_total{origin=\"os\"} 100000.0",
                "qtop_seed_source_bytes_total{origin=\"os\"} 1024.0")) {
            assertTrue(text.contains(line + "\n"), line + " is not in\n" + text);
        }
    }
}
