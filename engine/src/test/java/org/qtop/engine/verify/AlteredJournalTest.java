package org.qtop.engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.qtop.engine.Seeds;
import org.qtop.engine.timing.Binding;
import org.qtop.engine.timing.CircuitPath;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;

/** A planned journal passes; any one altered entry shows, but for what the verifier says it cannot see. */
class AlteredJournalTest {

    private static final int ENTRIES = 400;
    private static final int CIRCUITS = 9;

    private final SplittableRandom random = Seeds.random();
    private final List<CircuitPath> ends = new ArrayList<>();
    private final List<ReleaseRecord> journal = journal();

    /** Two runs one after the other, under two laws, as one journal file may hold them. */
    private List<ReleaseRecord> journal() {
        List<ReleaseRecord> records = new ArrayList<>();
        for (String law : List.of("uniform:100000:10000000", "exponential:0:10000000:2000000")) {
            ends.clear();
            TopologicalTimingEngine engine =
                    new TopologicalTimingEngine(random::nextLong, HoldLaw.parse(law), 2 * Math.PI, 100);
            Binding binding = new Binding();
            for (int i = 0; i < ENTRIES / 2; i++) {
                long circuit = random.nextInt(CIRCUITS);
                long advance = engine.advance(0, i);
                engine.bind(circuit, advance, binding);
                records.add(new ReleaseRecord(i, circuit, advance, engine.holdNanos(advance), random.nextInt(90_000),
                        binding.from(), binding.phase(), binding.winding(), binding.n(), law));
            }
            ends.addAll(engine.paths());
        }
        return records;
    }

    @Test
    void shouldAcceptThePlannedJournal() {
        ReleaseVerifier verifier = new ReleaseVerifier();
        journal.forEach(r -> assertTrue(verifier.check(r).isEmpty()));
        ends.forEach(p -> assertTrue(verifier.closed(p.circuit(), p.phase(), p.winding(), p.bindings()).isEmpty()));
        assertEquals(ENTRIES, verifier.releases());
        assertEquals(0, verifier.circuits());
        assertEquals(0, verifier.violations());
    }

    @Test
    void shouldSeeAnyEntryDropped() {
        for (int i = 0; i < ENTRIES; i++) {
            List<ReleaseRecord> altered = new ArrayList<>(journal);
            altered.remove(i);
            if (!lastOfPath(i)) {
                assertEquals(1, violations(altered, false), "dropped " + i);
                assertEquals(1, violations(altered, true), "dropped " + i);
            } else if (lastOfCircuit(i)) {
                assertEquals(0, violations(altered, false), "cannot see without the path's end: " + i);
                assertEquals(1, violations(altered, true), "dropped " + i);
            }
        }
    }

    @Test
    void shouldSeeAnyEntryRepeated() {
        for (int i = 0; i < ENTRIES; i++) {
            List<ReleaseRecord> altered = new ArrayList<>(journal);
            altered.add(i + 1, journal.get(i));
            assertEquals(1, violations(altered, false), "repeated at once " + i);
        }
    }

    @Test
    void shouldSeeAnyEntryRepeatedLater() {
        for (int i = 0; i < ENTRIES; i++) {
            int later = i + 1 + random.nextInt(ENTRIES - i);
            List<ReleaseRecord> altered = new ArrayList<>(journal);
            altered.add(later, journal.get(i));
            // A first entry of the run before may pass for a restart; what follows, or the path's end, then does not.
            int seen = violations(altered, true);
            assertTrue(seen == 1 || seen == 2 && journal.get(i).n() == 1, "repeated " + i + " at " + later);
        }
    }

    @Test
    void shouldSeeAnyTwoEntriesOfACircuitReordered() {
        for (int i = 0; i < ENTRIES; i++) {
            int next = nextOfCircuit(i);
            if (next >= 0) {
                List<ReleaseRecord> altered = new ArrayList<>(journal);
                Collections.swap(altered, i, next);
                assertTrue(violations(altered, true) > 0, "reordered " + i + " and " + next);
            }
        }
    }

    @Test
    void shouldSeeAnyEntryShifted() {
        everyEntry(r -> with(r, r.advance() + delta(), r.holdNanos(), r.from(), r.phase(), r.winding(), r.n()), 1);
        everyEntry(r -> with(r, r.advance(), r.holdNanos(), r.from() + delta(), r.phase(), r.winding(), r.n()), 1);
        everyEntry(r -> with(r, r.advance(), r.holdNanos(), r.from(), r.phase() + delta(), r.winding(), r.n()), 1);
        everyEntry(r -> with(r, r.advance(), r.holdNanos(), r.from(), r.phase(), r.winding() + 1, r.n()), 1);
        everyEntry(r -> with(r, r.advance(), r.holdNanos(), r.from(), r.phase(), r.winding() - 1, r.n()), 1);
        everyEntry(r -> with(r, r.advance(), r.holdNanos(), r.from(), r.phase(), r.winding(), r.n() + 1), 1);
        everyEntry(r -> with(r, r.advance(), r.holdNanos(), r.from(), r.phase(), r.winding(), r.n() - 1), 1);
    }

    @Test
    void shouldSeeAnyEntryResized() {
        everyEntry(r -> with(r, r.advance(), r.holdNanos() + 1, r.from(), r.phase(), r.winding(), r.n()), 1);
        everyEntry(r -> with(r, r.advance(), r.holdNanos() - 1, r.from(), r.phase(), r.winding(), r.n()), 1);
        everyEntry(r -> with(r, r.advance(), r.holdNanos() + 50_000_000, r.from(), r.phase(), r.winding(), r.n()), 1);
    }

    @Test
    void shouldSeeAnyEntryReleasedEarly() {
        everyEntry(r -> new ReleaseRecord(r.stream(), r.circuit(), r.advance(), r.holdNanos(), -1, r.from(), r.phase(),
                r.winding(), r.n(), r.law()), 1);
    }

    @Test
    void shouldSeeAnyEntryUnderAnotherLaw() {
        everyEntry(r -> lawed(r, "uniform:0:60000000000"), 1);
        everyEntry(r -> lawed(r, "uniform:"), 1);
        everyEntry(r -> lawed(r, "gauss:1:2:3"), 1);
    }

    @Test
    void shouldSeeAnyEntryOnAnotherCircuit() {
        for (int i = 0; i < ENTRIES; i++) {
            ReleaseRecord r = journal.get(i);
            List<ReleaseRecord> altered = new ArrayList<>(journal);
            altered.set(i, new ReleaseRecord(r.stream(), (r.circuit() + 1) % CIRCUITS, r.advance(), r.holdNanos(),
                    r.latenessNanos(), r.from(), r.phase(), r.winding(), r.n(), r.law()));
            assertTrue(violations(altered, true) > 0, "moved " + i);
        }
    }

    @Test
    void shouldNotSeeWhatItSaysItCannotSee() {
        // Entries of different circuits in another order.
        for (int i = 1; i < ENTRIES; i++) {
            if (journal.get(i).circuit() != journal.get(i - 1).circuit()) {
                List<ReleaseRecord> altered = new ArrayList<>(journal);
                Collections.swap(altered, i, i - 1);
                assertEquals(0, violations(altered, true));
            }
        }
        // Another stream, another lateness that is not early.
        everyEntry(r -> new ReleaseRecord(r.stream() + 1, r.circuit(), r.advance(), r.holdNanos(),
                r.latenessNanos() + 5, r.from(), r.phase(), r.winding(), r.n(), r.law()), 0);
        // A circuit left out altogether, where nothing tells how its path ended.
        assertEquals(0, violations(journal.stream().filter(r -> r.circuit() != 3).toList(), false));
    }

    @Test
    void shouldNotSeeAWidthSoLittleChangedThatTheHoldStays() {
        ReleaseRecord r = new ReleaseRecord(1, 1, 1L << 62, 25, 0, 0, 1L << 62, 0, 1, "uniform:0:99");
        assertTrue(new ReleaseVerifier().check(r).isEmpty());
        assertTrue(new ReleaseVerifier().check(lawed(r, "uniform:0:100")).isEmpty());
        assertTrue(new ReleaseVerifier().check(lawed(r, "uniform:0:103"))
                .contains(Violation.HOLD_NOT_QUANTILE));
    }

    @Test
    void shouldNotSeeALastEntryMadeUpAsAWhole() {
        for (int i = 0; i < ENTRIES; i++) {
            ReleaseRecord r = journal.get(i);
            long advance = random.nextLong();
            long phase = r.from() + advance;
            long turns = r.winding() - (Long.compareUnsigned(r.phase(), r.from()) < 0 ? 1 : 0)
                    + (Long.compareUnsigned(phase, r.from()) < 0 ? 1 : 0);
            List<ReleaseRecord> altered = new ArrayList<>(journal);
            altered.set(i, with(r, advance, HoldLaw.parse(r.law()).quantile(advance), r.from(), phase, turns, r.n()));
            if (!lastOfPath(i)) {
                assertTrue(violations(altered, false) > 0, "made up " + i);
            } else if (lastOfCircuit(i)) {
                assertEquals(0, violations(altered, false), "cannot see without the path's end: " + i);
                assertEquals(1, violations(altered, true), "made up " + i);
            }
        }
    }

    private void everyEntry(UnaryOperator<ReleaseRecord> alter, int expected) {
        for (int i = 0; i < ENTRIES; i++) {
            List<ReleaseRecord> altered = new ArrayList<>(journal);
            altered.set(i, alter.apply(journal.get(i)));
            assertEquals(expected, violations(altered, false), journal.get(i) + " as " + altered.get(i));
            assertEquals(expected, violations(altered, true), journal.get(i) + " as " + altered.get(i));
        }
    }

    private int violations(List<ReleaseRecord> records, boolean withEnds) {
        ReleaseVerifier verifier = new ReleaseVerifier();
        records.forEach(verifier::check);
        if (withEnds) {
            ends.forEach(p -> verifier.closed(p.circuit(), p.phase(), p.winding(), p.bindings()));
        }
        return (int) verifier.violations();
    }

    private long delta() {
        long delta = random.nextLong() >>> random.nextInt(64);
        return delta == 0 ? 1 : delta;
    }

    private boolean lastOfPath(int i) {
        int next = nextOfCircuit(i);
        return next < 0 || journal.get(next).n() == 1;
    }

    private boolean lastOfCircuit(int i) {
        return nextOfCircuit(i) < 0;
    }

    private int nextOfCircuit(int i) {
        for (int next = i + 1; next < ENTRIES; next++) {
            if (journal.get(next).circuit() == journal.get(i).circuit()) {
                return next;
            }
        }
        return -1;
    }

    private static ReleaseRecord with(ReleaseRecord r, long advance, long hold, long from, long phase, long winding,
            long n) {
        return new ReleaseRecord(r.stream(), r.circuit(), advance, hold, r.latenessNanos(), from, phase, winding, n,
                r.law());
    }

    private static ReleaseRecord lawed(ReleaseRecord r, String law) {
        return new ReleaseRecord(r.stream(), r.circuit(), r.advance(), r.holdNanos(), r.latenessNanos(), r.from(),
                r.phase(), r.winding(), r.n(), law);
    }
}
