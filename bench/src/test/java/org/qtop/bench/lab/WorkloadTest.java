package org.qtop.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    private static final int FLOWS = 2_000;

    private final Workload workload = new Workload(7, Workload.SITES);

    @Test
    void shouldDrawTheSamePlanForTheSameSeedAndFlow() {
        Workload again = new Workload(7, Workload.SITES);
        Workload other = new Workload(8, Workload.SITES);
        for (int flow = 0; flow < 100; flow++) {
            assertEquals(workload.traffic(flow), again.traffic(flow));
            assertEquals(workload.action(flow), again.action(flow));
        }
        assertNotEquals(IntStream.range(0, 20).mapToObj(workload::traffic).toList(),
                IntStream.range(0, 20).mapToObj(other::traffic).toList());
    }

    @Test
    void shouldCoverEverySiteAndEveryOtherKind() {
        Set<Integer> labels = IntStream.range(0, FLOWS).mapToObj(workload::traffic).map(Plan::label)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(IntStream.range(0, Workload.SITES + Workload.OTHERS.size()).boxed().collect(Collectors.toSet()),
                labels);
    }

    @Test
    void shouldMakeVisitsToOneSiteAlikeAndOfTwoSitesNot() {
        List<Plan> visits = IntStream.range(0, FLOWS).mapToObj(workload::traffic)
                .filter(plan -> plan.label() < Workload.SITES).toList();
        for (int site = 0; site < Workload.SITES; site++) {
            int which = site;
            int[] totals = visits.stream().filter(plan -> plan.label() == which).mapToInt(WorkloadTest::first)
                    .toArray();
            assertTrue(totals.length > 1, "site " + site);
            int middle = totals[0];
            for (int total : totals) {
                assertTrue(Math.abs(total - middle) < 0.4 * middle, "site " + site + ": " + total + ", " + middle);
            }
        }
        assertTrue(visits.stream().mapToInt(WorkloadTest::first).max().orElseThrow()
                > 4 * visits.stream().mapToInt(WorkloadTest::first).min().orElseThrow());
    }

    private static int first(Plan plan) {
        return plan.exchanges().get(0).down();
    }

    @Test
    void shouldRefuseAPlanThatCannotBeCarriedOut() {
        Plan.Exchange orphan = new Plan.Exchange(0, 0, 0, 100, 100, 0);
        assertThrows(IllegalArgumentException.class, () -> new Plan(0, List.of(orphan)));
        assertThrows(IllegalArgumentException.class, () -> new Plan.Exchange(Plan.HOSTS, -1, 0, 100, 100, 0));
        assertThrows(IllegalArgumentException.class, () -> new Plan.Exchange(0, -1, 0, 100, 1, 0));
    }
}
