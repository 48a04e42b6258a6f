package org.qtop.engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ReleaseVerifierTest {

    private static final String LAW = "uniform:0:9";
    private final ReleaseVerifier verifier = new ReleaseVerifier();

    @Test
    void shouldAcceptAPathAndRefuseAGap() {
        long half = 1L << 63;
        assertEquals(Set.of(), verifier.check(new ReleaseRecord(1, 1, half, 5, 0, 7, half + 7, 0, 1, LAW)));
        assertEquals(Set.of(), verifier.check(new ReleaseRecord(2, 1, half, 5, 3, half + 7, 7, 1, 2, LAW)));
        assertEquals(Set.of(Violation.PHASE_GAP),
                verifier.check(new ReleaseRecord(3, 1, half, 5, 3, 8, half + 8, 1, 3, LAW)));
        assertEquals(Set.of(Violation.EARLY, Violation.HOLD_NOT_QUANTILE),
                verifier.check(new ReleaseRecord(4, 1, half, 6, -1, half + 8, 8, 2, 4, LAW)));
        assertEquals(4, verifier.releases());
        assertEquals(2, verifier.violations());
    }

    @Test
    void shouldBeginAPathAfreshWhenTorRestarts() {
        verifier.check(record(1, 10, 100, 0, 1));
        verifier.check(record(1, 110, 100, 0, 2));
        assertEquals(Set.of(), verifier.check(record(1, 10, 101, 0, 1)));
        assertEquals(Set.of(), verifier.check(record(1, 111, 5, 0, 2)));
        assertEquals(Set.of(Violation.REPEATED), verifier.check(record(1, 10, 101, 0, 1)));
        assertEquals(Set.of(), verifier.check(record(1, 116, 5, 0, 3)));
    }

    @Test
    void shouldForgetACircuitThatIsOver() {
        verifier.check(record(1, 10, 100, 0, 1));
        assertEquals(1, verifier.circuits());
        verifier.closed(1);
        assertEquals(0, verifier.circuits());
        assertEquals(Set.of(Violation.COUNT), verifier.check(record(1, 110, 100, 0, 2)));
    }

    @Test
    void shouldCompareTheEndOfAPath() {
        verifier.check(record(1, 10, 100, 0, 1));
        assertEquals(Set.of(Violation.PHASE_GAP, Violation.COUNT, Violation.WINDING), verifier.closed(1, 111, 1, 2));
        assertEquals(Set.of(), verifier.closed(2, 0, 0, 0));
        assertEquals(Set.of(Violation.COUNT), verifier.closed(2, 5, 0, 1));
        assertEquals(2, verifier.violations());
    }

    @Test
    void shouldJoinMidwayWhereARingHasLostItsOldest() {
        ReleaseVerifier midway = new ReleaseVerifier(10, true);
        assertEquals(Set.of(), midway.check(record(1, 10, 100, 7, 9)));
        assertEquals(Set.of(), midway.check(record(1, 110, 100, 7, 10)));
        assertEquals(Set.of(Violation.COUNT, Violation.PHASE_GAP), midway.check(record(1, 310, 100, 7, 12)));
        assertEquals(1, midway.joined());
    }

    @Test
    void shouldJoinACircuitThatItHadToForget() {
        ReleaseVerifier small = new ReleaseVerifier(2, false);
        for (int circuit = 1; circuit <= 3; circuit++) {
            assertEquals(Set.of(), small.check(record(circuit, 10, 100, 0, 1)));
        }
        assertEquals(2, small.circuits());
        assertEquals(Set.of(), small.check(record(1, 110, 100, 0, 2)));
        assertEquals(1, small.joined());
    }

    @Test
    void shouldReadManyLawsWithoutKeepingThemAll() {
        for (int i = 0; i < 1_000; i++) {
            assertEquals(Set.of(), verifier.check(
                    new ReleaseRecord(i, i, 0, i, 0, 0, 0, 0, 1, "uniform:" + i + ":" + (i + 5))));
        }
    }

    private static ReleaseRecord record(long circuit, long from, long advance, long winding, long n) {
        return new ReleaseRecord(1, circuit, advance, 0, 0, from, from + advance, winding, n, LAW);
    }
}
