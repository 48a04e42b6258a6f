package org.qtop.bench.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

class WatermarkTest {

    private static final AttackSettings SETTINGS = AttackSettings.smoke(8);
    private static final long MILLI = 1_000_000;
    private static final int SPAN = 2 * Watermark.PAIRS;

    @Test
    void shouldEmptyOneIntervalOfEachPairAndKeepTheOrder() {
        Watermark mark = Watermark.of(7, 3);
        boolean[] used = new boolean[SPAN + 3];
        long last = 0;
        for (long ready = 0; ready < SPAN * Watermark.INTERVAL_NANOS; ready += 3 * MILLI) {
            long released = mark.release(ready);
            assertTrue(released >= ready && released >= last && released - ready <= 2 * Watermark.INTERVAL_NANOS);
            used[(int) (released / Watermark.INTERVAL_NANOS)] = true;
            last = released;
        }
        for (int pair = 0; pair < Watermark.PAIRS; pair++) {
            assertEquals(mark.sign(pair) == 1, used[2 * pair]);
            assertEquals(mark.sign(pair) == -1, used[2 * pair + 1]);
        }
        long late = SPAN * Watermark.INTERVAL_NANOS + 5;
        assertEquals(late, mark.release(late));
    }

    @Test
    void shouldGiveEachFlowAndSeedAKeyOfItsOwn() {
        assertEquals(signs(Watermark.of(1, 2)), signs(Watermark.of(1, 2)));
        assertNotEquals(signs(Watermark.of(1, 2)), signs(Watermark.of(1, 3)));
        assertNotEquals(signs(Watermark.of(1, 2)), signs(Watermark.of(2, 2)));
        assertNotEquals(signs(Watermark.of(1, 2)), signs(Watermark.of(2, 1)));
        long ones = IntStream.range(0, 1000).filter(flow -> Watermark.of(5, flow).sign(0) > 0).count();
        assertTrue(ones > 430 && ones < 570, () -> ones + " of 1000");
    }

    private static List<Integer> signs(Watermark mark) {
        return IntStream.range(0, Watermark.PAIRS).mapToObj(mark::sign).toList();
    }

    /** Answers of a cell every 25 ms for 8 s, with gaps; what the guard sees is later by a latency and jitter. */
    private static List<Flow> flows(int count, boolean marked) {
        SplittableRandom random = new SplittableRandom(1);
        List<Flow> flows = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            long start = id * 30_000 * MILLI;
            long asked = start + 150 * MILLI;
            Watermark mark = Watermark.of(SETTINGS.watermarkSeed(), id);
            Trace.Builder guard = new Trace.Builder().add(start, true, 514);
            long seen = 0;
            for (int tick = 0; tick < 320; tick++) {
                long ready = tick * 25 * MILLI;
                long left = asked + (marked ? mark.release(ready) : ready);
                seen = Math.max(seen, left + 130 * MILLI + random.nextLong(40 * MILLI));
                if (random.nextInt(3) > 0) {
                    guard.add(seen, false, 514);
                }
            }
            Trace destination = new Trace.Builder().add(asked, true, 200).add(asked + id + 1, false, 514).build();
            flows.add(new Flow(id, id / 4, 0, start, Trace.EMPTY, guard.build(), destination));
        }
        return flows;
    }

    @Test
    void shouldFindMarksAndOnlyMarks() {
        Figure found = new WatermarkAttack().run(Split.of(flows(300, true)), SETTINGS).figures().get(0);
        assertTrue(found.value() > 0.99, found::toString);
        Figure none = new WatermarkAttack().run(Split.of(flows(300, false)), SETTINGS).figures().get(0);
        assertTrue(none.low() <= 0.5 && none.high() >= 0.5, none::toString);
        Figure otherKeys = new WatermarkAttack().run(Split.of(flows(300, true)), SETTINGS.withWatermarkSeed(99))
                .figures().get(0);
        assertTrue(otherKeys.low() <= 0.5 && otherKeys.high() >= 0.5, otherKeys::toString);
    }
}
