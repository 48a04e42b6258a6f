package org.qtop.bench.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {

    private static Trace ticks(int count, long from) {
        Trace.Builder builder = new Trace.Builder();
        for (int i = 0; i < count; i++) {
            builder.add(from + 10L * i, i % 2 == 0, i + 1);
        }
        return builder.build();
    }

    @Test
    void shouldKeepTimesDirectionsAndBytesInOrder() {
        Trace trace = ticks(1000, 5);
        assertEquals(1000, trace.size());
        for (int i = 0; i < trace.size(); i++) {
            assertEquals(5 + 10L * i, trace.nanos(i));
            assertEquals(i + 1, trace.bytes(i));
            assertEquals(i % 2 == 0, trace.isUpstream(i));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1000, Long.MAX_VALUE - 55, Long.MIN_VALUE})
    void shouldCutOutASpanOfTimeAlsoAcrossTheEndOfTheClock(long from) {
        Trace part = ticks(100, from).between(from + 20, from + 51);
        assertEquals(4, part.size());
        assertEquals(from + 20, part.nanos(0));
        assertEquals(from + 50, part.nanos(3));
        assertEquals(0, ticks(100, from).between(from + 51, from + 20).size());
    }

    @Test
    void shouldRefuseTimesThatGoBackAndChunksOfNothing() {
        Trace.Builder builder = new Trace.Builder().add(7, true, 1).add(7, false, 1);
        assertThrows(IllegalArgumentException.class, () -> builder.add(6, true, 1));
        assertThrows(IllegalArgumentException.class, () -> builder.add(8, true, 0));
        assertEquals(2, builder.build().size());
    }

    @Test
    void shouldEqualWhatSawTheSame() {
        assertEquals(ticks(3, 0), ticks(3, 0));
        assertNotEquals(ticks(3, 0), ticks(3, 1));
        assertSame(Trace.EMPTY, new Trace.Builder().build());
        assertTrue(ticks(1, 0).isUpstream(0));
        assertFalse(ticks(1, 0).equals(null));
    }
}
