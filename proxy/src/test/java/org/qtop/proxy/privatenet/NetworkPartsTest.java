package org.qtop.proxy.privatenet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.privatenet.PrivateNetwork.Settings;

/** What a private network is made of, without a tor. */
class NetworkPartsTest {
    @TempDir
    private Path folder;

    private static NetworkTorrc torrc() {
        List<NetworkTorrc.Authority> authorities = Stream.of(0, 1, 2).map(i -> {
            AuthorityKeys keys = new AuthorityKeys(Map.of(), i.toString().repeat(40), "A".repeat(40));
            return new NetworkTorrc.Authority("auth" + i, keys, 100 + i, 100 + i, 200 + i);
        }).toList();
        return new NetworkTorrc(authorities, Path.of("/n/resolv.conf"), 20, 3);
    }

    @Test
    void shouldTellEveryTorOfEveryAuthority() {
        String line = "DirAuthority auth1 orport=101 no-v2 v3ident=" + "A".repeat(40) + " 127.0.0.1:201 "
                + "1".repeat(40);
        NetworkTorrc torrc = torrc();
        assertTrue(torrc.authority(torrc.authorities().get(0)).contains(line));
        assertTrue(torrc.exit("exit0", 300, 300, List.of()).contains(line));
        assertTrue(torrc.client(400, 401, List.of(), List.of()).contains(line));
    }

    @Test
    void shouldTellOthersOfTheLinkBeforeARelay() {
        List<String> exit = torrc().exit("exit0", 300, 301, List.of());
        assertTrue(exit.containsAll(List.of("ORPort 127.0.0.1:301 NoListen", "ORPort 127.0.0.1:300 NoAdvertise")));
        assertTrue(torrc().exit("exit0", 300, 300, List.of()).contains("ORPort 127.0.0.1:300"));
        NetworkTorrc.Authority linked = new NetworkTorrc.Authority("auth9", torrc().authorities().get(0).keys(), 300,
                301, 302);
        assertTrue(linked.line().contains(" orport=301 ") && linked.line().contains(" 127.0.0.1:302 "));
    }

    @Test
    void shouldPutTheCallersLinesLast() {
        List<String> client = torrc().client(400, 401, List.of("CookieAuthentication 1"), List.of("NumCPUs 1"));
        assertEquals(List.of("CookieAuthentication 1", "NumCPUs 1"), client.subList(client.size() - 2, client.size()));
        List<String> exit = torrc().exit("exit0", 300, 300, List.of("NumCPUs 1"));
        assertEquals("NumCPUs 1", exit.get(exit.size() - 1));
    }

    @Test
    void shouldAimTheFirstConsensusAtTheSecondAfterTheLead() {
        Duration lead = Duration.ofMillis(6_500);
        assertEquals(1, NetworkTorrc.offsetFor(9_500, lead));
        assertEquals(2, NetworkTorrc.offsetFor(9_501, lead));
        assertEquals(2, NetworkTorrc.offsetFor(10_500, lead));
        assertEquals(0, NetworkTorrc.offsetFor(13_500, lead));
    }

    @Test
    void shouldGiveABusyMachineMoreTime() {
        assertEquals(Duration.ofMillis(6_500), NetworkServers.lead(-1, 2));
        assertEquals(Duration.ofMillis(6_500), NetworkServers.lead(2, 2));
        assertEquals(Duration.ofMillis(8_500), NetworkServers.lead(6, 2));
        assertEquals(Duration.ofMillis(15_000), NetworkServers.lead(500, 2));
    }

    @Test
    void shouldFindTheExitsInAConsensus() {
        String consensus = """
                network-status-version 3
                r auth0 AAAA 2026-11-22 13:03:25 127.0.0.1 100 200
                s Authority Exit Guard Running V2Dir Valid
                r exit0 AAAA 2026-11-22 13:03:25 127.0.0.1 300 0
                s Exit Fast Running V2Dir Valid
                r exit1 AAAA 2026-11-22 13:03:25 127.0.0.1 301 0
                s Exit Fast V2Dir Valid
                """;
        assertTrue(ConsensusProbe.lists(consensus, List.of("exit0")));
        assertFalse(ConsensusProbe.lists(consensus, List.of("exit0", "exit1")), "exit1 does not run");
        assertFalse(ConsensusProbe.lists(consensus, List.of("exit2")));
        assertFalse(ConsensusProbe.lists("", List.of("exit0")));
    }

    @Test
    void shouldPickPortsThatDifferAndAreFree() throws IOException {
        List<Integer> ports = FreePorts.pick(20);
        assertEquals(20, new HashSet<>(ports).size());
        assertTrue(ports.stream().allMatch(FreePorts::free));
        assertEquals(20, new HashSet<>(FreePorts.pickAny(20)).size());
    }

    @Test
    void shouldPickPortsBelowThoseOfOutgoingConnections() throws IOException {
        int first = FreePorts.firstOutgoing();
        assertTrue(first > 1000, "the system's setting is read whole: " + first);
        if (first > 20_000) {
            assertTrue(FreePorts.pick(20).stream().allMatch(port -> port >= 10_000 && port < first));
        }
    }

    @Test
    void shouldPassOverATakenPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertFalse(FreePorts.free(port));
            assertThrows(IOException.class, () -> FreePorts.pickBetween(port, port, 1));
        }
    }

    @Test
    void shouldSweepFoldersOfTheDeadOnly() throws IOException, InterruptedException {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path old = Files.createDirectories(folder.resolve("qtop-net-" + dead.pid() + "-1/exit0/keys"));
        Files.writeString(old.resolve("key"), "x");
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.createFile(outside.resolve("kept"));
        Files.createSymbolicLink(old.resolve("link"), outside);
        Files.createSymbolicLink(folder.resolve("qtop-net-" + dead.pid() + "-2"), outside);
        Path ours = Folders.makeForNetwork(folder);
        Files.createDirectory(folder.resolve("qtop-net-x"));
        Folders.sweep(folder);
        assertFalse(Files.exists(folder.resolve("qtop-net-" + dead.pid() + "-1")));
        assertTrue(Files.exists(outside.resolve("kept")), "links are not followed");
        assertTrue(Files.exists(ours));
        assertTrue(Files.exists(folder.resolve("qtop-net-x")));
        Folders.delete(ours);
        Folders.delete(ours);
    }

    @Test
    void shouldRefuseSettingsOutOfRange() {
        Settings good = Settings.defaults();
        assertThrows(IllegalArgumentException.class, () -> good.withExits(0));
        assertThrows(IllegalArgumentException.class, () -> good.withExits(51));
        assertThrows(IllegalArgumentException.class, () -> good.withLimit(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> good.withVotingInterval(Duration.ofSeconds(9)));
        assertThrows(IllegalArgumentException.class, () -> good.withVotingInterval(Duration.ofSeconds(11)));
        assertThrows(IllegalArgumentException.class, () -> ControlLogin.withPassword(""));
    }

    @Test
    void shouldKeepThePasswordOutOfItsText() {
        assertFalse(Settings.defaults().withLogin(ControlLogin.withPassword("sesame")).toString().contains("sesame"));
    }
}
