package org.qtop.proxy.socks;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.qtop.engine.timing.HoldLaw;
import org.qtop.engine.timing.TopologicalTimingEngine;
import org.qtop.proxy.config.HoldAt;
import org.qtop.proxy.connector.Dialler;
import org.qtop.proxy.connector.TorConnector;
import org.qtop.proxy.connector.Transport;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.metrics.Metrics;
import org.qtop.proxy.privatenet.NetworkProgress;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.relay.BulkLoops;
import org.qtop.proxy.relay.Holds;
import org.qtop.proxy.stream.StreamEvent;
import org.qtop.proxy.stream.StreamTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A private network whose client has a port of each kind, targets, and proxies of ours in front of the ports. */
final class Arena implements AutoCloseable {

    /** Duels at a time: enough to hide the waiting, few enough for two cores. */
    private static final int AT_ONCE = 32;
    /** Between two writes: long enough for Tor to read them one by one. */
    private static final long PAUSE_MILLIS = 40;
    private static final int ATTEMPTS = 3;
    /** Tor is called directly from these ports, which the system gives to nobody: no such stream is taken for ours. */
    private static final int FIRST_DIRECT = 10_000;
    private static final int DIRECT_PORTS = 20_000;
    /** How many may come out well only when played again: 4, and 1 in 100. */
    private static final int SECOND_LOOKS = 4;
    private static final int SECOND_LOOKS_SHARE = 100;
    private static final long EVENT_LAG_MILLIS = 500;
    private static final Logger LOG = LoggerFactory.getLogger(Arena.class);

    /** The ports of Tor's client beside the usual one. */
    enum Port {
        SOCKS("127.0.0.1", "SocksPort %s"),
        EXTENDED_ERRORS("127.0.0.1", "SocksPort %s ExtendedErrors"),
        PREFER_NO_LOGIN("127.0.0.1", "SocksPort %s PreferSOCKSNoAuth"),
        ONION_ONLY("127.0.0.1", "SocksPort %s OnionTrafficOnly"),
        SOCKS_IPV6("::1", "SocksPort %s"),
        HTTP("127.0.0.1", "HTTPTunnelPort %s");

        private final String host;
        private final String line;

        Port(String host, String line) {
            this.host = host;
            this.line = line;
        }

        String host() {
            return host;
        }
    }

    final Metrics metrics = new Metrics();
    final Targets targets = new Targets();
    final PrivateNetwork network;
    final StreamLog log;
    private final Transport transport = Transport.start(2);
    private final Map<Port, InetSocketAddress> ports = new ConcurrentHashMap<>();
    private final Map<InetSocketAddress, InetSocketAddress> sources = new ConcurrentHashMap<>();
    private final Deque<SocksServer> servers = new ArrayDeque<>();
    private final Set<InetSocketAddress> ours = ConcurrentHashMap.newKeySet();
    private final AtomicLong arrivals = new AtomicLong();
    private final AtomicInteger direct = new AtomicInteger();
    private Onions onions;
    private final StreamTable table = new StreamTable(metrics, stream -> { });

    /**
     * Starts everything.
     *
     * @param folder where the network lives
     * @param more lines for the torrc of its client
     */
    Arena(Path folder, String... more) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>(List.of(more));
        lines.add("MaxClientCircuitsPending 1024");
        for (Port port : Port.values()) {
            try (ServerSocket free = new ServerSocket()) {
                free.bind(new InetSocketAddress(port.host, 0));
                ports.put(port, (InetSocketAddress) free.getLocalSocketAddress());
                String host = port.host.contains(":") ? "[" + port.host + "]" : port.host;
                lines.add(String.format(port.line, host + ':' + free.getLocalPort()));
            }
        }
        network = PrivateNetwork.start(PrivateNetwork.Settings.defaults().withParent(folder).withClientLines(lines),
                NetworkProgress.NONE);
        log = new StreamLog(network.control(), network.cookieFile(), this::arrived);
        table.connected();
    }

    private void arrived(long id, InetSocketAddress source) {
        table.onStream(new StreamEvent(id, StreamEvent.Status.NEW, 0, source, null, null, null));
        if (ours.contains(source)) {
            arrivals.incrementAndGet();
        }
    }

    /** How many streams Tor opened for our proxies that these had not held and released. To be asked last. */
    long unheld() {
        table.close();
        return arrivals.get() - metrics.value(Counter.STREAMS_MATCHED);
    }

    private InetSocketAddress directFrom(String host) {
        while (true) {
            int port = FIRST_DIRECT + direct.getAndIncrement() % DIRECT_PORTS;
            InetSocketAddress from = new InetSocketAddress(host, port);
            try (ServerSocket free = new ServerSocket()) {
                free.bind(from);
                return from;
            } catch (IOException taken) {
                // The next will be free.
            }
        }
    }

    /** How many connections to Tor our proxies have open, or had until a moment ago. */
    int connectionsToTor() {
        return ours.size();
    }

    /** The event loops of everything here. */
    Transport transport() {
        return transport;
    }

    /** One of Tor's own ports. */
    Duel.Proxy tor(Port port) {
        return new Duel.Proxy("Tor's " + port, ports.get(port), () -> directFrom(port.host),
                address -> address, address -> { });
    }

    /** A proxy of ours in front of a port, that does not hold. */
    Duel.Proxy qtop(Port port, boolean withHttpPort) throws IOException {
        return qtop(port.host, port, withHttpPort);
    }

    /** A proxy of ours that listens on another address than the port behind it. */
    Duel.Proxy qtop(String host, Port port) throws IOException {
        return qtop(host, port, false);
    }

    private Duel.Proxy qtop(String host, Port port, boolean withHttpPort) throws IOException {
        TorHttp http = withHttpPort ? TorHttp.through(dialler(Port.HTTP), () -> network.torVersion())
                : TorHttp.asSocks(() -> network.torVersion());
        Holds holds = new Holds(new TopologicalTimingEngine(() -> 1, HoldLaw.uniform(0, 0), 2 * Math.PI, 10));
        SocksServer server = SocksServer.listen(transport, new InetSocketAddress(host, 0),
                new FrontContext(dialler(port), holds, table, metrics, Optional::empty, 10_000, http,
                        () -> HoldAt.REQUEST, BulkLoops.none()));
        servers.push(server);
        return new Duel.Proxy("qtop before " + port, server.address(), () -> null, sources::get, sources::remove);
    }

    private Dialler dialler(Port port) {
        TorConnector connector = new TorConnector(transport, () -> ports.get(port));
        return new Dialler() {
            @Override
            public boolean overIpv4() {
                return connector.overIpv4();
            }

            @Override
            public ChannelFuture connect(EventLoop loop, ChannelHandler handler) {
                ChannelFuture dial = connector.connect(loop, handler);
                dial.addListener((ChannelFutureListener) done -> {
                    if (done.isSuccess()) {
                        InetSocketAddress local = (InetSocketAddress) done.channel().localAddress();
                        sources.put((InetSocketAddress) ((TorHandshake) handler).client().remoteAddress(), local);
                        ours.add(local);
                        done.channel().closeFuture().addListener(closed -> done.channel().eventLoop().parent().schedule(
                                () -> ours.remove(local), EVENT_LAG_MILLIS, TimeUnit.MILLISECONDS));
                    }
                });
                return dial;
            }
        };
    }

    /** Onion services and addresses, served by the client itself. */
    synchronized Onions onions() throws Exception {
        if (onions == null) {
            String port = new String(targets.names().get("echo."), StandardCharsets.US_ASCII);
            onions = new Onions(log, "127.88.0.9:" + port);
            // Whoever asks for a descriptor too early may not ask again for a while.
            onions.awaitUploads(log);
        }
        onions.giveWrongKey(log);
        return onions;
    }

    /**
     * Plays every script at both proxies. What does not come out well is played again, alone and more slowly, since a
     * busy machine may read two writes as one on one side only; if that is more than a few, it is not the machine.
     */
    List<Duel.Outcome> play(List<Script> scripts, Duel.Proxy left, Duel.Proxy right, Predicate<Duel.Outcome> good)
            throws Exception {
        List<Duel.Outcome> outcomes = new ArrayList<>();
        Deque<Future<Duel.Outcome>> running = new ArrayDeque<>();
        for (Script script : scripts) {
            if (running.size() == AT_ONCE) {
                outcomes.add(await(running.poll()));
            }
            running.add(Duel.start(script, left, right, log, transport, PAUSE_MILLIS));
        }
        while (!running.isEmpty()) {
            outcomes.add(await(running.poll()));
        }
        long again = outcomes.stream().filter(good.negate()).count();
        LOG.info("{} scripts played at {} and at {}: {} to be played again", scripts.size(), left.name(), right.name(),
                again);
        outcomes.stream().filter(good.negate()).forEach(outcome -> LOG.info("again: {}", outcome));
        for (int attempt = 2; attempt <= ATTEMPTS; attempt++) {
            for (int i = 0; i < outcomes.size(); i++) {
                if (good.negate().test(outcomes.get(i))) {
                    outcomes.set(i, await(Duel.start(scripts.get(i), left, right, log, transport,
                            PAUSE_MILLIS * attempt)));
                }
            }
        }
        if (again > SECOND_LOOKS + scripts.size() / SECOND_LOOKS_SHARE) {
            throw new AssertionError(again + " of " + scripts.size() + " came out well only when played again");
        }
        return outcomes;
    }

    private static Duel.Outcome await(Future<Duel.Outcome> outcome)
            throws InterruptedException, ExecutionException, TimeoutException {
        return outcome.get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        log.close();
        servers.forEach(SocksServer::close);
        transport.close();
        network.close();
        targets.close();
    }
}
