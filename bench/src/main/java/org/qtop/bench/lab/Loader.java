package org.qtop.bench.lab;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.qtop.bench.trace.Trace;

/**
 * The application: carries out one plan through a SOCKS5 port, as a browser does, over up to six connections a host
 * that are used again, and notes what it writes and reads (view V0). Confined to one event loop.
 */
final class Loader {

    private static final long MOST_SECONDS = 60;

    /**
     * What came of it.
     *
     * @param startNanos when the user acted: before the first connection was opened
     * @param endNanos when the last answer was there
     * @param application what the application wrote and read, without its talk with the SOCKS port
     */
    record Outcome(long startNanos, long endNanos, Trace application) {
    }

    /** One host: what waits for it, and its connections. */
    private static final class Host {
        private final Queue<Integer> waiting = new ArrayDeque<>();
        private final Deque<SocksConnection> idle = new ArrayDeque<>();
        private int connections;
    }

    private final Loops loops;
    private final EventLoop loop;
    private final InetSocketAddress proxy;
    private final String login;
    private final List<Integer> ports;
    private final Plan plan;
    private final int flow;
    private final CompletableFuture<Outcome> done = new CompletableFuture<>();
    private final Recorder recorder = new Recorder();
    private final List<Host> hosts = new ArrayList<>();
    private final List<SocksConnection> open = new ArrayList<>();
    private Future<?> limit;
    private long startNanos;
    private int ended;

    private Loader(Loops loops, InetSocketAddress proxy, String login, List<Integer> ports, Plan plan, int flow) {
        this.loops = loops;
        this.loop = loops.next();
        this.proxy = proxy;
        this.login = login;
        this.ports = ports;
        this.plan = plan;
        this.flow = flow;
        ports.forEach(port -> hosts.add(new Host()));
    }

    /**
     * Begins.
     *
     * @param login the SOCKS user name: streams of one login may share a circuit
     * @param ports the hosts' ports on 127.0.0.1
     * @param flow the number that the requests name
     * @return completes with what came of it, or with the IOException that ended it
     */
    static CompletableFuture<Outcome> start(Loops loops, InetSocketAddress proxy, String login, List<Integer> ports,
            Plan plan, int flow) {
        Loader loader = new Loader(loops, proxy, login, ports, plan, flow);
        loader.loop.execute(loader::begin);
        return loader.done;
    }

    private void begin() {
        limit = loop.schedule(() -> fail("it took longer than " + MOST_SECONDS + " s"), MOST_SECONDS, TimeUnit.SECONDS);
        startNanos = Clock.nanos();
        release(-1);
    }

    /** Makes ready what waited for an exchange. */
    private void release(int parent) {
        for (int i = 0; i < plan.exchanges().size(); i++) {
            Plan.Exchange exchange = plan.exchanges().get(i);
            if (exchange.parent() == parent) {
                int which = i;
                if (exchange.waitNanos() == 0) {
                    ready(which);
                } else {
                    loop.schedule(() -> ready(which), exchange.waitNanos(), TimeUnit.NANOSECONDS);
                }
            }
        }
    }

    private void ready(int exchange) {
        if (done.isDone()) {
            return;
        }
        Host host = hosts.get(plan.exchanges().get(exchange).host());
        host.waiting.add(exchange);
        serve(host, plan.exchanges().get(exchange).host());
    }

    private void serve(Host host, int number) {
        while (!host.waiting.isEmpty() && !host.idle.isEmpty()) {
            send(host.idle.pop(), host.waiting.remove());
        }
        // Browsers open connections for all that waits, and use whichever is free first.
        while (host.connections < Plan.CONNECTIONS && host.connections - busy(number) < host.waiting.size()) {
            host.connections++;
            SocksConnection connection = new SocksConnection(this, number, login, ports.get(number));
            open.add(connection);
            loops.dial(loop, proxy, connection).addListener(dialled -> {
                if (!dialled.isSuccess()) {
                    fail("the SOCKS port cannot be reached: " + dialled.cause().getMessage());
                }
            });
        }
    }

    private int busy(int host) {
        return (int) open.stream().filter(one -> one.host() == host && one.isBusy()).count();
    }

    private void send(SocksConnection connection, int exchange) {
        Plan.Exchange what = plan.exchanges().get(exchange);
        var request = SiteServer.request(flow, what);
        recorder.saw(true, request.readableBytes());
        connection.send(request, exchange, what.down());
    }

    /** A connection has its stream. */
    void opened(SocksConnection connection) {
        Host host = hosts.get(connection.host());
        host.idle.push(connection);
        serve(host, connection.host());
    }

    /** Bytes of an answer are there. */
    void received(int count) {
        recorder.saw(false, count);
    }

    /** An answer is whole. */
    void answered(SocksConnection connection, int exchange) {
        ended++;
        if (ended == plan.exchanges().size()) {
            done.complete(new Outcome(startNanos, Clock.nanos(), recorder.all()));
            close();
            return;
        }
        Host host = hosts.get(connection.host());
        host.idle.push(connection);
        serve(host, connection.host());
        release(exchange);
    }

    /** A connection is over before its time. */
    void failed(String why) {
        if (!done.isDone()) {
            fail(why);
        }
    }

    private void fail(String why) {
        done.completeExceptionally(new IOException(why + " (" + ended + " of " + plan.exchanges().size()
                + " exchanges were done)"));
        close();
    }

    private void close() {
        limit.cancel(false);
        open.forEach(SocksConnection::close);
    }
}
