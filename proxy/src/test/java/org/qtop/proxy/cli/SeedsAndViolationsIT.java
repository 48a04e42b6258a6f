package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.engine.seed.QuantumCache;
import org.qtop.engine.seed.SeedSource;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.audit.Audit;
import org.qtop.proxy.config.OnViolation;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.ControlSettings;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.control.TorIdentity;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.seedsource.LookUps;
import org.qtop.proxy.seedsource.StandInService;
import org.qtop.proxy.stream.CircuitEvent;
import org.qtop.proxy.stream.Kind;
import org.qtop.proxy.stream.ProxyStream;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamTable;

/** On a real Tor: seeds fetched through it without a look-up here, and a circuit closed after a violation. */
@ExtendWith(PrivateNetworkExtension.class)
class SeedsAndViolationsIT {

    /** The private network's exits know every name below localhost; this machine is never asked. */
    private static final String NAME = "seeds.localhost";

    @TempDir
    private Path folder;

    @Test
    void shouldFetchSeedsThroughTorByName(PrivateNetwork network) throws Exception {
        try (StandInService service = StandInService.behindTor(folder, NAME)) {
            SeedSource source = service.sourceThrough(network::socks, folder);
            List<String> lookedUp = LookUps.during(() -> {
                try (QuantumCache cache = new QuantumCache(QuantumCache.MIN_CAPACITY, List.of(source),
                        Runnable::run)) {
                    assertEquals("outshift", cache.account().lastReseedOrigin(), () -> cache.account().toString());
                    assertEquals(8192, cache.account().bits("outshift"));
                }
            });
            assertEquals(List.of(), lookedUp.stream().filter(name -> name.contains("seeds")).toList());
            assertEquals(2, service.requests().size());
        }
    }

    /** Hands events to the table, and tells which circuits are over. */
    private record Watch(StreamTable table, BlockingQueue<Long> over, CountDownLatch listens)
            implements ControlObserver {

        @Override
        public void onConnected(TorIdentity identity, boolean sameTor) {
            table.connected();
            listens.countDown();
        }

        @Override
        public void onStream(StreamEvent event) {
            table.onStream(event);
        }

        @Override
        public void onCircuit(CircuitEvent event) {
            if (event.over()) {
                over.add(event.circuitId());
            }
        }

        @Override
        public void onLost(String reason) {
            table.disconnected();
        }
    }

    @Test
    void shouldHaveTorCloseTheCircuitOfAViolation(PrivateNetwork network, Site site) throws Exception {
        Metrics metrics = new Metrics();
        ViolationResponse response = new ViolationResponse(OnViolation.CLOSE_CIRCUIT, metrics);
        TopologicalTimingEngine engine = new TopologicalTimingEngine(() -> 7, HoldLaw.uniform(0, 1_000_000),
                2 * Math.PI, 100);
        try (Audit audit = new Audit(engine, metrics, Optional.empty(), response)) {
            BlockingQueue<Long> over = new LinkedBlockingQueue<>();
            Watch watch = new Watch(new StreamTable(metrics, audit::record), over, new CountDownLatch(1));
            try (TorControl control = TorControl.open(ControlSettings.at(network.control())
                    .withCookieFile(network.cookieFile()), watch); Socket socket = new Socket()) {
                response.control(control::send);
                assertTrue(watch.listens().await(60, TimeUnit.SECONDS));
                socket.connect(network.socks());
                ProxyStream stream = new Holds(engine).plan(Kind.CONNECT);
                stream.released(-1);
                watch.table().opened(stream, (java.net.InetSocketAddress) socket.getLocalSocketAddress());
                request(socket, site);
                long circuit = 0;
                while (circuit == 0 || circuit != stream.circuit()) {
                    Long closed = over.poll(60, TimeUnit.SECONDS);
                    assertTrue(closed != null, () -> "circuit " + stream.circuit() + " was not closed");
                    circuit = closed;
                }
                assertEquals(1, audit.violations());
                Waiting.until(Waiting.LONG, "the reply to CLOSECIRCUIT", () ->
                        metrics.value(Counter.CIRCUITS_CLOSED) == 1);
                assertEquals(-1, socket.getInputStream().read(), "Tor ends what rode the circuit");
            }
        }
    }

    private static void request(Socket socket, Site site) throws IOException {
        int port = site.port();
        socket.getOutputStream().write(new byte[] {5, 1, 0});
        socket.getInputStream().readNBytes(2);
        socket.getOutputStream().write(new byte[] {5, 1, 0, 1, 127, 0, 0, 1, (byte) (port >> 8), (byte) port});
        assertEquals(10, socket.getInputStream().readNBytes(10).length);
    }
}
