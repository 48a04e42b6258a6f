package org.qtop.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {

    private static final InetSocketAddress SOCKS = new InetSocketAddress("127.0.0.1", 1111);
    private static final InetSocketAddress CONTROL = new InetSocketAddress("127.0.0.1", 2222);

    private final Peers peers = new Peers(Path.of("/checkout"));

    @ParameterizedTest
    @ValueSource(strings = {"floor", "floor+control", "splice", "haproxy", "dante", "netty", "qtop", "qtop+control"})
    void shouldTellEveryPeerWhereToListenAndWhereToGo(String name) {
        Peer peer = peers.parse(name).get(1);
        String told = String.join(" ", peer.command(3333, SOCKS, CONTROL, Path.of("config")))
                + peer.configuration(3333, SOCKS, CONTROL);
        assertTrue(told.contains("3333") && told.contains("1111"), told);
        assertEquals(name.endsWith("+control"), told.contains("2222"), told);
        assertFalse(told.contains("@"), told);
    }

    @Test
    void shouldAlwaysHaveNoProxyAtAllFirst() {
        assertEquals(List.of("direct", "qtop", "netty"), names("qtop,netty"));
        assertEquals(List.of("direct", "qtop"), names("direct,qtop"));
    }

    private List<String> names(String list) {
        return peers.parse(list).stream().map(Peer::name).toList();
    }

    @Test
    void shouldTakeAnotherBuild() {
        List<Peer> three = peers.parse("qtop,qtop=/other/qtop.jar,qtop+control=/other.jar{-Xint -Xmx1g}");
        assertEquals(Map.of("QTOP_JAR", "/checkout/proxy/target/qtop.jar", "QTOP_JAVA_OPTS", ""),
                three.get(1).environment());
        assertEquals("/other/qtop.jar", three.get(2).environment().get("QTOP_JAR"));
        assertEquals(Map.of("QTOP_JAR", "/other.jar", "QTOP_JAVA_OPTS", "-Xint -Xmx1g"), three.get(3).environment());
    }

    @Test
    void shouldHoldForAsLongAsItIsTold() {
        String command = String.join(" ", peers.parse("qtop").get(1).holding("1ms", "2s").command());
        assertTrue(command.contains("--min-hold 1ms --max-hold 2s"), command);
    }

    @Test
    void shouldSayWhatThereIs() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> peers.parse("squid")).getMessage()
                .contains("haproxy"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Part.parse("lunch")).getMessage()
                .contains("setup,rate"));
    }

    @ParameterizedTest
    @EnumSource(Part.class)
    void shouldHaveARowForEachPartAndAWord(Part part) {
        assertEquals(Set.of(part), Part.parse(part.word()));
        assertTrue(EnumSet.allOf(Row.class).stream().anyMatch(row -> row.part() == part));
    }
}
