package org.qtop.proxy.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qtop.proxy.control.ControlException.Kind;
import org.qtop.proxy.stream.StreamEvent;

/** The life of a connection, on a stand-in and under a clock that stands still. */
@Timeout(60)
class TorControlTest {

    private static final long SECOND = 1_000_000_000L;

    private final StandInControl server = new StandInControl();
    private final ManualTimer timer = new ManualTimer(-7 * SECOND);
    private final Recorder recorder = new Recorder();
    private final ControlSettings settings = ControlSettings.at(server.address())
            .withLimits(Duration.ofSeconds(50), Duration.ofSeconds(50))
            .withBackOff(Duration.ofMillis(100), Duration.ofSeconds(1));

    private TorControl open() throws ControlException {
        TorControl control = TorControl.open(settings, recorder, timer, () -> 0);
        // The last answer of the start, which what a test says must not overtake.
        Await.until(() -> recorder.all.contains("bootstrap 100 Done"));
        return control;
    }

    @AfterEach
    void shouldLeaveNoThread() {
        server.close();
        Await.untilNoThread();
    }

    private static ControlException cause(CompletableFuture<?> future) throws Exception {
        Throwable cause = assertThrows(ExecutionException.class, () -> future.get(Await.SECONDS, TimeUnit.SECONDS))
                .getCause();
        return assertInstanceOf(ControlException.class, cause);
    }

    private static ControlReply reply(CompletableFuture<ControlReply> future) throws Exception {
        return future.get(Await.SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void shouldTellEventsInOrderAfterTheConnection() throws Exception {
        server.answer("SETEVENTS", "250 OK\r\n650 STREAM 1 NEW 0 x:1 SOURCE_ADDR=127.0.0.1:5\r\n");
        try (TorControl control = open()) {
            server.say("650 STREAM 1 SENTCONNECT 3 x:1\r\n650 CIRC 3 CLOSED\r\n650 SIGNAL NEWNYM\r\n"
                    + "650 STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=7 SUMMARY=\"a b\"\r\n");
            Await.until(() -> recorder.all.contains("bootstrap 7 a b"));
            assertEquals(List.of("connected false", "stream 1 NEW", "bootstrap 100 Done", "stream 1 SENTCONNECT",
                    "circuit 3 CLOSED", "signal NEWNYM", "bootstrap 7 a b"), recorder.all);
            assertEquals(5, recorder.streams.get(0).source().getPort());
            assertTrue(server.commands.contains("SETEVENTS STREAM CIRC STATUS_CLIENT SIGNAL"));
            assertEquals(5, control.counters().events());
        }
    }

    @Test
    void shouldTellEveryEventWhileItGathersThem() throws Exception {
        try (TorControl control = open()) {
            assertThrows(IllegalArgumentException.class, () -> control.gatherEvents(Duration.ofNanos(-1)));
            assertThrows(IllegalArgumentException.class, () -> control.gatherEvents(Duration.ofSeconds(2)));
            control.gatherEvents(Duration.ofMillis(20));
            for (int i = 1; i <= 50; i++) {
                server.say("650 CIRC " + i + " CLOSED\r\n");
            }
            Await.until(() -> recorder.all.contains("circuit 50 CLOSED"));
            assertEquals(IntStream.rangeClosed(1, 50).mapToObj(i -> "circuit " + i + " CLOSED").toList(),
                    recorder.all.subList(recorder.all.size() - 50, recorder.all.size()));
            server.answer("GETINFO version", "250-version=1\r\n250 OK\r\n");
            assertEquals("1", control.getInfo("version"));
        }
    }

    /** The first two end jtorctl's own reader. */
    @ParameterizedTest
    @ValueSource(strings = {"650 CONF_CHANGED\r\n", "650-CONF_CHANGED\r\n650-SocksPort=1\r\n650 OK\r\n", "650 \r\n",
            "650+NS\r\nx\r\n.\r\n650 OK\r\n", "650 STREAM nonsense\r\n", "650 STREAM \r\n", "650  x\r\n", "250 OK\r\n",
            "552 what\r\n", "650 CIRC \"\\\r\n"})
    void shouldSurviveLinesThatNobodyAskedFor(String line) throws Exception {
        try (TorControl control = open()) {
            server.say(line + "650 SIGNAL AFTER\r\n");
            Await.until(() -> recorder.all.contains("signal AFTER"));
            server.answer("GETINFO version", "250-version=1\r\n250 OK\r\n");
            assertEquals("1", control.getInfo("version"));
            assertTrue(control.connected());
        }
    }

    @Test
    void shouldSurviveAnObserverThatThrows() throws Exception {
        ControlObserver bad = new Recorder() {
            @Override
            public void onStream(StreamEvent event) {
                super.onStream(event);
                if (event.streamId() == 1) {
                    throw new IllegalStateException("bad");
                }
                throw new StackOverflowError();
            }
        };
        try (TorControl control = TorControl.open(settings, bad, timer, () -> 0)) {
            server.say("650 STREAM 1 NEW 0 x:1\r\n650 STREAM 2 NEW 0 x:1\r\n");
            Await.until(() -> ((Recorder) bad).streams.size() == 2);
            Await.until(() -> control.counters().observerFailures() == 2);
            assertTrue(control.connected());
        }
    }

    @Test
    void shouldLetTheObserverCallCommandsAndClose() throws Exception {
        server.answer("GETINFO version", "250-version=1\r\n250 OK\r\n");
        AtomicReference<TorControl> control = new AtomicReference<>();
        AtomicReference<Object> seen = new AtomicReference<>();
        Recorder calling = new Recorder() {
            @Override
            public void onSignal(String name) {
                try {
                    seen.set(control.get().getInfo("version") + control.get().command("GETINFO version").code());
                } catch (ControlException e) {
                    seen.set(e);
                }
                control.get().close();
            }
        };
        control.set(TorControl.open(settings, calling, timer, () -> 0));
        server.say("650 SIGNAL NEWNYM\r\n");
        Await.until(() -> "1250".equals(seen.get()));
        Await.until(() -> server.connectionsOpen() == 0);
        assertFalse(control.get().connected());
    }

    @Test
    void shouldReadValuesOfManyLinesAndRefusals() throws Exception {
        server.answer("GETINFO stream-status", "250+stream-status=\r\n1 NEW 0 x:1\r\nwhat\r\n"
                        + "2 SUCCEEDED 5 x:1\r\n.\r\n250 OK\r\n")
                .answer("GETINFO circuit-status", "250-circuit-status=5 BUILT $A~a PURPOSE=GENERAL\r\n250 OK\r\n")
                .answer("GETINFO net/listeners/socks", "250-net/listeners/socks=\"127.0.0.1:9050\"\r\n250 OK\r\n")
                .answer("GETINFO odd", "250 OK\r\n").answer("SETCONF", "553 Unable to set option\u0007\r\n")
                .answer("SETCONF a=\"\"", "250 OK\r\n").answer("RESETCONF a", "250 OK\r\n")
                .answer("SIGNAL", "250 OK\r\n")
                .answer("TAKEOWNERSHIP", "250 OK\r\n").answer("DROPOWNERSHIP", "250 OK\r\n");
        try (TorControl control = open()) {
            assertEquals(List.of(1L, 2L), control.streams().stream().map(StreamEvent::streamId).toList());
            assertEquals(5, control.circuits().get(0).circuitId());
            assertEquals(1, control.socksListeners().size());
            assertEquals(Kind.NOT_CONTROL, assertThrows(ControlException.class, () -> control.getInfo("odd")).kind());
            ControlException refused = assertThrows(ControlException.class, () -> control.setConf("a", "b \"c\\"));
            assertEquals(553, refused.code());
            assertEquals("Tor refused SETCONF a: 553 Unable to set option?", refused.getMessage());
            assertTrue(server.commands.contains("SETCONF a=\"b \\\"c\\\\\""));
            control.setConf("a", "");
            control.resetConf("a");
            control.signal("NEWNYM");
            control.takeOwnership();
            control.dropOwnership();
            assertEquals(510, control.command("XYZZY").code());
            assertTrue(control.connected());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\r\nQUIT", "a\nb", "+POSTDESCRIPTOR", "\u20ac", "a\0"})
    void shouldSendNothingThatIsNotOneLine(String text) throws Exception {
        try (TorControl control = open()) {
            assertThrows(IllegalArgumentException.class, () -> control.command(text));
            assertThrows(IllegalArgumentException.class, () -> control.send(text));
            if (!text.startsWith("+")) {
                assertThrows(IllegalArgumentException.class, () -> control.getInfo(text));
                assertThrows(IllegalArgumentException.class, () -> control.setConf(text, "x"));
                assertThrows(IllegalArgumentException.class, () -> control.signal(text));
            }
            assertThrows(IllegalArgumentException.class, () -> control.setConf("a", "b\nc"));
        }
    }

    @Test
    void shouldPipelineCommandsAmongCallsOfJtorctl() throws Exception {
        for (int i = 0; i < 1000; i++) {
            server.answer("ATTACHSTREAM " + i + " ", (i % 3 == 0 ? "552 Unknown stream " : "250 OK ") + i + "\r\n");
        }
        server.answer("GETINFO version", "650 SIGNAL A\r\n250-version=1\r\n250 OK\r\n");
        try (TorControl control = open()) {
            List<CompletableFuture<ControlReply>> replies = new ArrayList<>();
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                int number = i;
                replies.add(control.send("ATTACHSTREAM " + i + " 0").whenComplete((reply, e) -> order.add(number)));
                if (i % 100 == 0) {
                    assertEquals("1", control.getInfo("version"));
                }
            }
            for (int i = 0; i < 1000; i++) {
                ControlReply reply = reply(replies.get(i));
                assertEquals(i % 3 == 0 ? 552 : 250, reply.code());
                assertTrue(reply.text().endsWith(" " + i));
            }
            Await.until(() -> recorder.count("signal A") == 10);
            assertEquals(0, control.counters().repliesUnasked());
        }
    }

    @Test
    void shouldAnswerEveryWaiterWhenTheConnectionBreaks() throws Exception {
        server.answer("HANG", "").answer("GETINFO version", "");
        try (TorControl control = open()) {
            CompletableFuture<ControlException> call = CompletableFuture.supplyAsync(
                    () -> assertThrows(ControlException.class, () -> control.getInfo("version")));
            CompletableFuture<ControlReply> sent = control.send("HANG 1");
            Await.until(() -> server.commands.contains("GETINFO version") && server.commands.contains("HANG 1"));
            server.cut();
            assertEquals(Kind.LOST, cause(sent).kind());
            assertEquals(Kind.LOST, call.get(Await.SECONDS, TimeUnit.SECONDS).kind());
            Await.until(() -> recorder.count("lost ") == 1);
            assertFalse(control.connected());
            assertTrue(control.trouble().isPresent());
            assertEquals(Kind.LOST, assertThrows(ControlException.class, () -> control.getInfo("version")).kind());
            assertEquals(Kind.LOST, cause(control.send("HANG 2")).kind());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "250-version=1\r\n", "250+version=\r\nx\r\n", "2"})
    void shouldBuildAnewWhenTorStopsAnswering(String half) throws Exception {
        server.answer("GETINFO version", half);
        try (TorControl control = open()) {
            CompletableFuture<ControlException> call = CompletableFuture.supplyAsync(
                    () -> assertThrows(ControlException.class, () -> control.getInfo("version")));
            Await.until(() -> server.commands.contains("GETINFO version"));
            timer.advance(49 * SECOND);
            assertFalse(call.isDone());
            assertTrue(control.connected());
            timer.advance(SECOND);
            assertEquals(Kind.TIMED_OUT, call.get(Await.SECONDS, TimeUnit.SECONDS).kind());
            awaitPause(1);
            timer.advance(SECOND / 10);
            Await.until(control::connected);
            assertEquals(2, server.accepted.get());
        }
    }

    @Test
    void shouldNotMindCommandsThatAreAnsweredInTime() throws Exception {
        try (TorControl control = open()) {
            for (int i = 0; i < 10; i++) {
                timer.advance(20 * SECOND);
                assertEquals(510, control.command("XYZZY").code());
            }
            assertTrue(control.connected());
            assertEquals(0, recorder.count("lost"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "250", "250-a\r\n", "250+a=\r\nb\r\n", "junk\r\n", "650 STREAM 1 NEW"})
    void shouldComeBackAfterEveryWayOfBreaking(String last) throws Exception {
        server.answer("BREAK", last + StandInControl.CLOSE);
        try (TorControl control = open()) {
            assertEquals(Kind.LOST, cause(control.send("BREAK")).kind());
            awaitPause(1);
            timer.advance(SECOND / 10);
            Await.until(() -> recorder.count("connected true") == 1);
            assertTrue(control.connected());
            assertEquals(0, recorder.streams.size());
        }
    }

    @Test
    void shouldPauseLongerAfterEveryFailure() throws Exception {
        try (TorControl control = open()) {
            server.answer("AUTHENTICATE", "515 no\r\n" + StandInControl.CLOSE);
            server.cut();
            awaitPause(1);
            long[] pauses = {100, 200, 400, 800, 1000, 1000};
            for (int i = 0; i < pauses.length; i++) {
                int failures = i;
                Await.until(() -> control.counters().failedAttempts() == failures && timer.nextNanos() >= 0);
                assertEquals(pauses[i] * 1_000_000, timer.nextNanos());
                timer.advance(timer.nextNanos() - 1);
                assertEquals(1 + i, server.accepted.get());
                timer.advance(1);
            }
            Await.until(() -> control.counters().failedAttempts() == pauses.length && timer.nextNanos() >= 0);
            assertTrue(control.trouble().orElse("").contains("515"), control.trouble().toString());
            server.answer("AUTHENTICATE", "250 OK\r\n");
            timer.advance(SECOND);
            Await.until(control::connected);
            assertEquals(1, recorder.count("lost "));
            assertEquals(2, control.counters().connections());
            // A connection that lasted earns the short pause again; one that did not, does not.
            server.cut();
            awaitPause(2);
            assertEquals(SECOND, timer.nextNanos());
            timer.advance(SECOND);
            Await.until(control::connected);
            timer.advance(2 * SECOND);
            server.cut();
            awaitPause(3);
            assertEquals(SECOND / 10, timer.nextNanos());
        }
    }

    @Test
    void shouldTellWhetherItIsTheSameTor() throws Exception {
        try (TorControl control = open()) {
            server.answer("GETINFO uptime", "250-uptime=130\r\n250 OK\r\n");
            timer.advance(30 * SECOND);
            server.cut();
            comeBack(control, 2);
            server.answer("GETINFO uptime", "250-uptime=0\r\n250 OK\r\n");
            server.cut();
            comeBack(control, 3);
            server.answer("GETINFO process/pid", "250-process/pid=4712\r\n250 OK\r\n");
            server.cut();
            comeBack(control, 4);
            assertEquals(List.of("connected false", "connected true", "connected false", "connected false"),
                    recorder.all.stream().filter(line -> line.startsWith("connected")).toList());
        }
    }

    /** Waits until that many losses were told and the next attempt is due some time. */
    private void awaitPause(int losses) {
        Await.until(() -> recorder.count("lost ") == losses && timer.nextNanos() >= 0);
    }

    private void comeBack(TorControl control, int connections) {
        awaitPause(connections - 1);
        timer.advance(timer.nextNanos());
        Await.until(() -> recorder.count("connected ") == connections && control.connected());
    }

    @Test
    void shouldStopTryingWhenClosed() throws Exception {
        TorControl control = open();
        server.cut();
        awaitPause(1);
        control.close();
        control.close();
        timer.advance(100 * SECOND);
        assertEquals(1, server.accepted.get());
        assertEquals(Kind.LOST, assertThrows(ControlException.class, () -> control.command("X")).kind());
    }

    @Test
    void shouldEndAnAttemptThatIsUnderWayWhenClosed() throws Exception {
        TorControl control = open();
        server.answer("PROTOCOLINFO", "");
        server.cut();
        awaitPause(1);
        timer.advance(SECOND / 10);
        Await.until(() -> server.commands.stream().filter("PROTOCOLINFO 1"::equals).count() == 2);
        control.close();
        Await.until(() -> server.connectionsOpen() == 0);
    }

    @Test
    void shouldFailCommandsUnderWayWhenClosed() throws Exception {
        server.answer("HANG", "");
        CompletableFuture<ControlReply> sent;
        try (TorControl control = open()) {
            sent = control.send("HANG");
        }
        assertEquals(Kind.LOST, cause(sent).kind());
        assertEquals(0, recorder.count("lost"));
    }

    @Test
    void shouldRefuseMoreCommandsThanItMayHold() throws Exception {
        server.answer("HANG", "");
        try (TorControl control = open()) {
            List<CompletableFuture<ControlReply>> sent = new ArrayList<>();
            for (int i = 0; i < TorControl.MAX_UNDER_WAY; i++) {
                sent.add(control.send("HANG"));
            }
            assertEquals(Kind.OVERLOADED, cause(control.send("HANG")).kind());
            assertTrue(control.connected());
            server.cut();
            for (CompletableFuture<ControlReply> future : sent) {
                assertEquals(Kind.LOST, cause(future).kind());
            }
        }
    }

    @Test
    void shouldLeaveTheConnectionAloneWhenACallerIsInterrupted() throws Exception {
        server.answer("GETINFO version", "");
        try (TorControl control = open()) {
            AtomicReference<ControlException> thrown = new AtomicReference<>();
            Thread caller = new Thread(() -> thrown.set(
                    assertThrows(ControlException.class, () -> control.getInfo("version"))));
            caller.start();
            Await.until(() -> server.commands.contains("GETINFO version"));
            caller.interrupt();
            Await.until(() -> thrown.get() != null);
            assertEquals(Kind.LOST, thrown.get().kind());
            // The reply that it no longer waits for goes to nobody else.
            server.answer("GETINFO version", "250-version=late\r\n250 OK\r\n250-version=1\r\n250 OK\r\n");
            assertEquals("1", control.getInfo("version"));

            Thread.currentThread().interrupt();
            CompletableFuture<ControlReply> sent = control.send("XYZZY");
            assertTrue(Thread.interrupted());
            assertEquals(510, reply(sent).code());
            assertTrue(control.connected());
            assertEquals(0, recorder.count("lost"));
        }
    }
}
