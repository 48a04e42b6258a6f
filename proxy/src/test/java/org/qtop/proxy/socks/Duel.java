package org.qtop.proxy.socks;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.qtop.proxy.connector.Transport;

/**
 * One script played at two proxies at the same moments, until both have fallen silent and agree, or do not agree for
 * too long. Confined to one event loop.
 */
final class Duel {

    /** How long both must be silent for that to count as an answer. */
    static final long QUIET_MILLIS = 300;
    /** The same while they have said nothing at all: a busy Tor may not have come to it. */
    private static final long SILENCE_MILLIS = 1_500;
    /** How long one may take to catch up with the other. */
    static final long PATIENCE_MILLIS = 12_000;
    /** How much longer a pause may get, for one to catch up with the other. */
    private static final long CATCH_UP_MILLIS = 3_000;
    private static final long LOOK_MILLIS = 20;
    private static final long EVENTS_MILLIS = 6_000;

    /**
     * A proxy.
     *
     * @param name for a message
     * @param address where it listens
     * @param from gives the address that a client calls it from; null for any
     * @param source from which address Tor sees the stream of a client's connection; null if it sees none
     * @param forget told of a client's address that is not used any more
     */
    record Proxy(String name, InetSocketAddress address, Supplier<InetSocketAddress> from,
            Function<InetSocketAddress, InetSocketAddress> source,
            Consumer<InetSocketAddress> forget) {
    }

    /**
     * What came of it.
     *
     * @param script what was played
     * @param left bytes and end that the client of the first proxy saw
     * @param right the same of the second
     * @param leftStream what Tor said of the first stream: its first event and its outcome
     * @param rightStream the same of the second
     */
    record Outcome(Script script, String left, String right, List<String> leftStream, List<String> rightStream) {

        boolean equal() {
            return left.equals(right) && leftStream.equals(rightStream);
        }

        @Override
        public String toString() {
            return script.name() + ": " + script + "\n  first  " + left + ' ' + leftStream + "\n  second " + right + ' '
                    + rightStream;
        }
    }

    private final Script script;
    private final Proxy[] proxies;
    private final StreamLog log;
    private final EventLoop loop;
    private final long pauseMillis;
    private final Play[] plays = {new Play(), new Play()};
    private final InetSocketAddress[] sources = new InetSocketAddress[2];
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final String[] seen = new String[2];
    private int step;
    private long pausedUntilNanos = System.nanoTime();
    private long playedNanos;

    private Duel(Script script, Proxy left, Proxy right, StreamLog log, EventLoop loop, long pauseMillis) {
        this.script = script;
        this.proxies = new Proxy[] {left, right};
        this.log = log;
        this.loop = loop;
        this.pauseMillis = pauseMillis;
    }

    /** Starts a duel. */
    static CompletableFuture<Outcome> start(Script script, Proxy left, Proxy right, StreamLog log, Transport transport,
            long pauseMillis) {
        Duel duel = new Duel(script, left, right, log, transport.loops().next(), pauseMillis);
        duel.loop.execute(() -> duel.connect(transport));
        return duel.outcome;
    }

    private void connect(Transport transport) {
        connect(0, transport).addListener((ChannelFutureListener) first ->
                connect(1, transport).addListener(second -> {
                    if (first.isSuccess() && second.isSuccess()) {
                        after(this::play, pauseMillis);
                    } else {
                        outcome.completeExceptionally(first.isSuccess() ? second.cause() : first.cause());
                    }
                }));
    }

    private ChannelFuture connect(int which, Transport transport) {
        return plays[which].connect(transport, loop, proxies[which].address(), proxies[which].from().get());
    }

    private void after(Runnable next, long millis) {
        loop.schedule(() -> {
            try {
                next.run();
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        }, millis, TimeUnit.MILLISECONDS);
    }

    private void play() {
        if (pausedUntilNanos - System.nanoTime() > 0 && !plays[0].seen().equals(plays[1].seen())) {
            after(this::play, LOOK_MILLIS);
            return;
        }
        while (step < script.steps().size()) {
            Script.Step next = script.steps().get(step++);
            if (next instanceof Script.Pause) {
                pausedUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CATCH_UP_MILLIS);
                after(this::play, pauseMillis);
                return;
            }
            plays[0].does(next);
            plays[1].does(next);
        }
        playedNanos = System.nanoTime();
        look();
    }

    private void look() {
        boolean equal = plays[0].seen().equals(plays[1].seen());
        long quietMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - Math.max(playedNanos,
                Math.max(plays[0].changedNanos(), plays[1].changedNanos())));
        boolean settled = plays[0].over() && plays[1].over()
                || equal && quietMillis > (saidNothing() ? SILENCE_MILLIS : QUIET_MILLIS) && !streamIsOpening();
        if (settled || quietMillis > PATIENCE_MILLIS) {
            for (int i = 0; i < 2; i++) {
                sources[i] = proxies[i].source().apply(plays[i].local());
                seen[i] = plays[i].seen();
                proxies[i].forget().accept(plays[i].local());
                plays[i].close();
            }
            playedNanos = System.nanoTime();
            after(this::lookAtEvents, LOOK_MILLIS);
        } else {
            after(this::look, LOOK_MILLIS);
        }
    }

    private boolean saidNothing() {
        return plays[0].seen().startsWith(" ") && plays[1].seen().startsWith(" ");
    }

    /** Whether Tor has begun a stream whose outcome is not known. */
    private boolean streamIsOpening() {
        for (int i = 0; i < 2; i++) {
            List<String> events = log.of(proxies[i].source().apply(plays[i].local()));
            if (!events.isEmpty() && summary(events).size() < 2) {
                return true;
            }
        }
        return false;
    }

    private void lookAtEvents() {
        List<String> left = log.of(sources[0]);
        List<String> right = log.of(sources[1]);
        boolean closed = closed(left) && closed(right) && left.isEmpty() == right.isEmpty();
        if (closed || System.nanoTime() - playedNanos > TimeUnit.MILLISECONDS.toNanos(EVENTS_MILLIS)) {
            log.forget(sources[0]);
            log.forget(sources[1]);
            outcome.complete(new Outcome(script, seen[0], seen[1], summary(left), summary(right)));
        } else {
            after(this::lookAtEvents, LOOK_MILLIS);
        }
    }

    private static boolean closed(List<String> events) {
        return events.isEmpty() || events.get(events.size() - 1).startsWith("CLOSED");
    }

    /** The first event whole, and how the stream came out; not how often it was tried, nor how it ended afterwards. */
    private static List<String> summary(List<String> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        String found = events.stream().filter(event -> event.startsWith("SUCCEEDED") || event.startsWith("FAILED")
                || event.startsWith("CLOSED")).findFirst().map(Duel::outcomeOf).orElse("");
        return found.isEmpty() ? List.of(events.get(0)) : List.of(events.get(0), found);
    }

    /** Which of two words an exit has for a fault of its own depends on the exit. */
    private static String outcomeOf(String event) {
        return event.startsWith("SUCCEEDED") ? "SUCCEEDED" : event.replaceFirst(" SOCKS_USERNAME.*", "")
                .replaceFirst(" CLIENT_PROTOCOL.*", "").replaceFirst("REMOTE_REASON=INTERNAL", "REMOTE_REASON=MISC");
    }
}
