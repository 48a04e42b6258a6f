package org.qtop.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.qtop.bench.trace.Trace;

/** The application against the destinations, with the tap for a SOCKS port in between; no Tor. */
class LoaderTest {

    private static long sum(Trace trace, boolean upstream) {
        long sum = 0;
        for (int i = 0; i < trace.size(); i++) {
            sum += trace.isUpstream(i) == upstream ? trace.bytes(i) : 0;
        }
        return sum;
    }

    @Test
    void shouldCarryOutAPlanAndSeeItAtBothEnds() throws Exception {
        Workload workload = new Workload(5, Workload.SITES);
        try (Loops loops = new Loops(); SiteServer sites = new SiteServer(loops);
                LoginPort port = new LoginPort(loops)) {
            for (int flow = 0; flow < 10; flow++) {
                Plan plan = workload.anyVisit("test", flow);
                Recorder far = sites.watch(flow, Marker.NONE);
                Loader.Outcome outcome =
                        Loader.start(loops, port.address(), "me", sites.ports(), plan, flow).get();
                long up = plan.exchanges().stream().mapToLong(Plan.Exchange::up).sum();
                long down = plan.exchanges().stream().mapToLong(Plan.Exchange::down).sum();
                assertEquals(up, sum(outcome.application(), true));
                assertEquals(down, sum(outcome.application(), false));
                assertEquals(up, sum(far.all(), true));
                assertEquals(down, sum(far.all(), false));
                assertTrue(outcome.startNanos() <= outcome.application().nanos(0));
                sites.forget(flow);
            }
        }
    }

    @Test
    void shouldSayWhyAFlowFailed() throws Exception {
        try (Loops loops = new Loops()) {
            InetSocketAddress nobody = new InetSocketAddress("127.0.0.1", 1);
            Plan plan = new Workload(5, Workload.SITES).action(0);
            ExecutionException fault = assertThrows(ExecutionException.class,
                    () -> Loader.start(loops, nobody, "me", java.util.List.of(1, 1, 1), plan, 0).get());
            assertTrue(fault.getCause().getMessage().contains("cannot be reached"), fault.getCause().getMessage());
        }
    }

    @Test
    void shouldHoldBackWhatTheDestinationMarks() throws Exception {
        try (Loops loops = new Loops(); SiteServer sites = new SiteServer(loops);
                LoginPort port = new LoginPort(loops)) {
            long[] first = {0};
            // Nothing but the head for 100 ms from the first chunk on.
            Marker marker = (now, index) -> {
                first[0] = first[0] == 0 ? now : first[0];
                return Math.max(0, first[0] + 100_000_000 - now);
            };
            Recorder far = sites.watch(1, marker);
            Plan plan = new Workload(5, Workload.SITES).marked(0, 50_000);
            Loader.start(loops, port.address(), "me", sites.ports(), plan, 1).get();
            Trace seen = far.all();
            assertEquals(50_000, sum(seen, false));
            assertEquals(SiteServer.HEAD_BYTES, seen.bytes(1));
            assertTrue(seen.nanos(2) - seen.nanos(1) >= 100_000_000);
        }
    }
}
