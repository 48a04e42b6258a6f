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
}
