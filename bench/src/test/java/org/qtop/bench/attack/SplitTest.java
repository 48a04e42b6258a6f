package org.qtop.bench.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

class SplitTest {

    private static Flow flow(int id, int circuit, long start) {
        Trace guard = new Trace.Builder().add(start, true, 514).build();
        Trace destination = new Trace.Builder().add(start + 1, true, 100 + id).build();
        return new Flow(id, circuit, 0, start, Trace.EMPTY, guard, destination);
    }

    private static Set<Integer> circuits(List<Flow> flows) {
        return flows.stream().map(Flow::circuit).collect(Collectors.toSet());
    }

    @Test
    void shouldPartByCircuitAndTime() {
        Random random = new Random(5);
        List<Flow> flows = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            flows.add(flow(i, i / 10 + random.nextInt(3), 1000L * i));
        }
        Collections.shuffle(flows, random);
        Split split = Split.of(flows);
        List<Flow> test = split.test();
        assertEquals(1000, split.training().size() + split.validation().size() + test.size() + split.leftOut());
        assertEquals(0.6, split.training().size() / 1000.0, 0.03);
        assertEquals(0.2, split.validation().size() / 1000.0, 0.03);
        assertEquals(0.2, test.size() / 1000.0, 0.03);
        Set<Integer> shared = new HashSet<>(circuits(split.training()));
        shared.retainAll(circuits(test));
        assertEquals(Set.of(), shared);
        long lastTraining = split.training().stream().mapToLong(Flow::startNanos).max().orElseThrow();
        assertTrue(test.stream().allMatch(flow -> flow.startNanos() > lastTraining));
    }

    @Test
    void shouldLeaveOutFlowsThatComeTooLateForTheirCircuit() {
        List<Flow> flows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            flows.add(flow(i, i, i));
        }
        flows.add(flow(10, 0, 100));
        Split split = Split.of(flows);
        assertEquals(1, split.leftOut());
        assertTrue(split.training().stream().noneMatch(flow -> flow.id() == 10));
    }

    @Test
    void shouldHandOutItsTestFlowsOnce() {
        Split split = Split.of(List.of(flow(0, 0, 0)), List.of(flow(1, 1, 1)), List.of(flow(2, 2, 2)));
        assertEquals(1, split.test().size());
        assertThrows(IllegalStateException.class, split::test);
        assertEquals(1, split.training().size());
    }

    @Test
    void shouldRefuseEachLeakByName() {
        List<Flow> early = List.of(flow(0, 0, 0));
        List<Flow> middle = List.of(flow(1, 1, 1));
        Flow copy = new Flow(9, 9, 0, 9, Trace.EMPTY, early.get(0).guard(), Trace.EMPTY);
        assertLeak("its circuit", early, middle, List.of(flow(2, 0, 2)));
        assertLeak("its circuit", early, middle, List.of(flow(2, 1, 2)));
        assertLeak("its circuit", early, List.of(flow(2, 0, 2)), List.of(flow(3, 3, 3)));
        assertLeak("itself", early, middle, List.of(flow(0, 2, 2)));
        assertLeak("its time", early, middle, List.of(flow(2, 2, 1)));
        assertLeak("its trace", early, middle, List.of(copy));
    }

    private static void assertLeak(String what, List<Flow> training, List<Flow> validation, List<Flow> test) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> Split.of(training, validation, test)).getMessage();
        assertTrue(message.contains(" leaks: " + what), message);
    }

    @Test
    void shouldRefuseTooFewCircuits() {
        List<Flow> oneCircuit = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            oneCircuit.add(flow(i, 7, i));
        }
        assertThrows(IllegalArgumentException.class, () -> Split.of(oneCircuit));
        assertThrows(IllegalArgumentException.class, () -> Split.of(List.of()));
    }
}
