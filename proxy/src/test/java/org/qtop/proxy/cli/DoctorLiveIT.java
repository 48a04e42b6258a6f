package org.qtop.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.qtop.proxy.config.Values;
import org.qtop.proxy.privatenet.PrivateNetwork;
import org.qtop.proxy.status.StatusClient;

/** The commands status and doctor against a qtop that holds real streams. */
@ExtendWith(PrivateNetworkExtension.class)
class DoctorLiveIT {

    private static LiveRun run;
    private static PrivateNetwork network;

    @BeforeAll
    static void start(PrivateNetwork started) throws Exception {
        network = started;
        run = LiveRun.on(started);
        run.streams(3);
    }

    /** What a command prints, and its exit code at the end. */
    private static String execute(List<String> arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            int code = Main.execute(arguments.toArray(String[]::new));
            return out.toString(StandardCharsets.UTF_8) + code;
        } finally {
            System.setOut(before);
        }
    }

    /** An address where nobody listens. */
    private static String nobody() throws IOException {
        try (ServerSocket closed = new ServerSocket(0)) {
            return "127.0.0.1:" + closed.getLocalPort();
        }
    }

    private static String doctor(String... more) {
        return doctorOf(Values.text(run.status()), more);
    }

    private static String doctorOf(String status, String... more) {
        List<String> arguments = new ArrayList<>(List.of("doctor", "--tor-socks", Values.text(network.socks()),
                "--tor-control", Values.text(network.control()), "--control-cookie", network.cookieFile().toString(),
                "--listen", Values.text(run.qtop().address()), "--status-listen", status));
        arguments.addAll(List.of(more));
        return execute(arguments);
    }

    @Test
    void shouldFindNothingWrongAndSeeAStreamHeld() throws IOException {
        String said = doctor("--json", "--stream", run.destination());
        assertTrue(said.endsWith("}\n0"), said);
        JsonNode checks = new ObjectMapper().readTree(said.substring(0, said.length() - 1)).path("checks");
        JsonNode stream = checks.path(checks.size() - 1);
        assertEquals("stream ok", stream.path("check").asText() + " " + stream.path("verdict").asText(), said);
        assertTrue(stream.path("text").asText().matches("A stream was held for [0-9.]+ [mu]s, released .*"), said);
        assertTrue(said.contains("A qtop runs at"), said);
        assertTrue(said.contains("agrees with Tor's consensus"), said);
        assertEquals(List.of(), MarkedSite.secrets().stream().filter(said::contains).toList());
    }

    @Test
    void shouldFindItsOwnStreamAmongOthers() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> others = CompletableFuture.runAsync(() -> {
            try {
                while (!over.get()) {
                    run.streams(5);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (int i = 0; i < 3; i++) {
            String said = doctor("--stream", run.destination());
            Matcher circuit = Pattern.compile("A stream was held for .* on circuit (\\d+)").matcher(said);
            assertTrue(circuit.find(), said);
            JsonNode circuits = new ObjectMapper().readTree(StatusClient.get(run.status(), "/api/circuits"));
            for (JsonNode each : circuits.path("circuits")) {
                if (each.path("circuit").asText().equals(circuit.group(1))) {
                    assertEquals(1, each.path("streams").asInt(), "a circuit of its own");
                }
            }
        }
        over.set(true);
        others.get(60, TimeUnit.SECONDS);
    }

    @Test
    void shouldTellAStreamThatDoesNotGetThrough() throws IOException {
        String said = doctor("--stream", nobody());
        assertTrue(said.contains("refused with SOCKS reply code"), said);
        assertTrue(said.endsWith("\n1"), said);
    }

    @Test
    void shouldTellThatNoQtopRunsToSendAStreamThrough() throws IOException {
        String said = doctorOf(nobody(), "--stream", "127.0.0.1:1");
        assertTrue(said.contains("Start qtop run"), said);
    }

    @Test
    void shouldShowTheStatusAsTextAndJson() throws IOException {
        String text = execute(List.of("status", "--status-listen", Values.text(run.status())));
        for (String part : List.of("connected, login safe cookie, bootstrap 100%", "released", "p99", "seeds",
                "held             at the request",
                "0 violations", "winding")) {
            assertTrue(text.contains(part), text);
        }
        assertTrue(text.endsWith("\n0"), text);
        String json = execute(List.of("status", "--json", "--status-listen", Values.text(run.status())));
        JsonNode status = new ObjectMapper().readTree(json.substring(0, json.length() - 1));
        assertTrue(status.path("circuits").size() > 0, json);
        assertEquals(List.of(), MarkedSite.secrets().stream().filter((text + json)::contains).toList());
    }

    @Test
    void shouldSayClearlyThatNoneRuns() throws IOException {
        assertEquals("8", execute(List.of("status", "--status-listen", nobody())));
    }
}
