package org.qtop.proxy.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.ControlSettings;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.privatenet.NetworkProgress;
import org.qtop.proxy.privatenet.PrivateNetwork;

/** A proxy beside an interceptor that is alive, and behind one that was killed. Nobody else talks to this Tor. */
class GuardIT {

    private static final long WAIT_MILLIS = 60_000;
    private static final String LOCALHOST = "127.0.0.1";

    @TempDir
    private static Path folder;
    private static PrivateNetwork network;
    private static Site site;

    @BeforeAll
    static void boot() throws Exception {
        site = new Site();
        network = PrivateNetwork.start(PrivateNetwork.Settings.defaults().withParent(folder), NetworkProgress.NONE);
        try (Fetches warm = new Fetches(network.socks())) {
            warm.begin(LOCALHOST, site.port());
            assertEquals(0, warm.finish(WAIT_MILLIS));
        }
    }

    @AfterAll
    static void end() {
        network.close();
        site.close();
    }

    private static Child child(String command, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command, "--tor-control",
                LOCALHOST + ":" + network.control().getPort(), "--control-cookie", network.cookieFile().toString(),
                "--seeds", "100000", "--status-listen", "none"));
        arguments.addAll(List.of(more));
        return new Child(arguments.toArray(String[]::new));
    }

    private static Child intercepting(String min, String max) throws Exception {
        Child child = child("intercept", "--min-hold", min, "--max-hold", max);
        child.await("Holding every stream");
        return child;
    }

    private static Child running() throws Exception {
        return child("run", "--listen", LOCALHOST + ":0", "--tor-socks", LOCALHOST + ":" + network.socks().getPort());
    }

    private static InetSocketAddress listening(Child proxy) throws InterruptedException {
        String line = proxy.await("socks5h://");
        String port = line.substring(line.indexOf("socks5h://" + LOCALHOST + ":") + 20).split("\\D")[0];
        proxy.await(" stop ");
        return new InetSocketAddress(LOCALHOST, Integer.parseInt(port));
    }

    /** Over a connection that is there for the moment only. */
    private static boolean optionOn() throws Exception {
        try (TorControl control = TorControl.open(ControlSettings.at(network.control())
                .withCookieFile(network.cookieFile()), new ControlObserver() { })) {
            return Rescue.isOn(control.command(Rescue.OPTION_ASKED));
        }
    }

    private static void assertHeld(Fetches.Fetch fetch) {
        assertTrue(fetch.whole && fetch.replyNanos - fetch.startNanos > TimeUnit.SECONDS.toNanos(6), () -> "held for "
                + (fetch.replyNanos - fetch.startNanos) / 1_000_000 + " ms");
    }

    @Test
    void shouldLetAnInterceptorBeThatIsAliveAndStepInOnceItIsNot() throws Exception {
        try (Child interceptor = intercepting("6s", "7s"); Fetches straight = new Fetches(network.socks())) {
            Fetches.Fetch after;
            Fetches.Fetch over;
            try (Child beside = running()) {
                listening(beside);
                beside.await("if no interceptor is at work, streams hang; free them with: qtop release");
                after = straight.begin(LOCALHOST, site.port());
                straight.run(200);
            }
            try (Child beside = running()) {
                over = straight.begin(LOCALHOST, site.port());
                straight.run(200);
                InetSocketAddress proxy = listening(beside);
                straight.run(2_500);
                assertEquals(0, straight.finish(WAIT_MILLIS));
                assertHeld(after);
                assertHeld(over);
                assertTrue(optionOn());
                Fetches.Fetch left = straight.begin(LOCALHOST, site.port());
                straight.run(300);
                interceptor.process.destroyForcibly().waitFor();
                assertEquals(0, straight.finishWithin(4_500), "freed before its hold was over");
                assertTrue(left.whole);
                beside.await("Tor was left holding streams");
                assertFalse(optionOn());
                try (Fetches through = new Fetches(proxy)) {
                    through.begin(LOCALHOST, site.port());
                    assertEquals(0, through.finishWithin(2_000));
                    assertEquals(1, through.whole());
                }
            }
        }
    }

    @Test
    void shouldFreeWhatAKilledInterceptorLeftWhenAProxyStarts() throws Exception {
        int streams = 100;
        try (Child interceptor = intercepting("55s", "60s"); Fetches straight = new Fetches(network.socks())) {
            for (int i = 0; i < streams; i++) {
                straight.begin(LOCALHOST, site.port());
            }
            straight.run(500);
            interceptor.process.destroyForcibly().waitFor();
            straight.run(500);
            assertEquals(0, straight.ended(), "Tor is stuck");
            try (Child next = running()) {
                next.await("Tor was left holding streams");
                assertTrue(next.text().contains(streams + " streams that waited are on the way now"), next.text());
                assertEquals(0, straight.finishWithin(2_000), "not within 2 s");
                assertEquals(streams, straight.whole());
                try (Fetches through = new Fetches(listening(next))) {
                    through.begin(LOCALHOST, site.port());
                    straight.begin(LOCALHOST, site.port());
                    assertEquals(0, through.finishWithin(2_000) + straight.finishWithin(2_000), "new ones work");
                    assertEquals(streams + 2, through.whole() + straight.whole());
                }
                assertEquals(0, next.stop(), next.text());
            }
        }
        assertFalse(optionOn());
    }
}
