package org.qtop.proxy.socks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qtop.proxy.metrics.Counter;
import org.qtop.proxy.socks.Arena.Port;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * qtop without a hold beside Tor's own port: the same writes at the same moments to both, and the same answers, the
 * same end and the same stream inside Tor. What may differ is listed in {@link Difference}.
 *
 * <p>{@code -Dqtop.generated=20000} plays that many generated conversations instead of 2,000; {@code -Dqtop.seed=N}
 * repeats those of an earlier run.
 */
@Timeout(3_000)
class DifferentialIT {

    private static final Logger LOG = LoggerFactory.getLogger(DifferentialIT.class);
    private static final int GENERATED = Integer.getInteger("qtop.generated", 2_000);
    private static final long SEED = Long.getLong("qtop.seed", System.nanoTime());
    private static final Set<Difference> NONE = EnumSet.noneOf(Difference.class);

    @TempDir
    private static Path folder;
    private static Arena arena;

    @BeforeAll
    static void start() throws Exception {
        arena = new Arena(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (arena != null) {
            arena.close();
            assertEquals(0, arena.metrics.value(Counter.INTERNAL_ERRORS));
            assertEquals(0, arena.metrics.openConnections());
            assertEquals(0, arena.metrics.held());
            assertTrue(arena.unheld() <= 0, () -> arena.unheld() + " streams went to Tor without a hold");
        }
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsTorsSocksPort() throws Exception {
        return tests("socks.txt", Port.SOCKS, Port.SOCKS, false, NONE);
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsTorsPortOverIpv6() throws Exception {
        return tests("flags.txt", Port.SOCKS_IPV6, Port.SOCKS_IPV6, false, NONE);
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerOverIpv6AsTorWouldAlsoBeforeAPortOverIpv4() throws Exception {
        return tests("flags.txt", arena.tor(Port.SOCKS_IPV6), arena.qtop(Port.SOCKS_IPV6.host(), Port.SOCKS),
                EnumSet.of(Difference.LISTENER_OVER_IPV6));
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerOverIpv4AsTorWouldAlsoBeforeAPortOverIpv6() throws Exception {
        return tests("flags.txt", arena.tor(Port.SOCKS), arena.qtop(Port.SOCKS.host(), Port.SOCKS_IPV6),
                EnumSet.of(Difference.LISTENER_OVER_IPV4));
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsAPortThatPrefersNoLogin() throws Exception {
        return tests("flags.txt", Port.PREFER_NO_LOGIN, Port.PREFER_NO_LOGIN, false, NONE);
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsAPortForOnionsOnly() throws Exception {
        return tests("flags.txt", Port.ONION_ONLY, Port.ONION_ONLY, false, NONE);
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsTorsHttpPortThroughIt() throws Exception {
        return tests("http.txt", Port.HTTP, Port.SOCKS, true, NONE);
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsTorsHttpPortThroughItsSocksPort() throws Exception {
        Set<Difference> permitted = EnumSet.of(Difference.LOGIN_FOR_HEADERS, Difference.ONE_REASON_A_CODE,
                Difference.EARLY_DATA_IS_KEPT);
        Duel.Proxy qtop = arena.qtop(Port.SOCKS, false);
        List<Duel.Outcome> outcomes = play("http.txt", arena.tor(Port.HTTP), qtop, permitted);
        return Stream.concat(tests(outcomes, qtop, permitted), Stream.of(DynamicTest.dynamicTest(
                "equal headers give equal logins, and no others do", () -> assertLoginsForHeaders(outcomes))));
    }

    /** What Tor keeps apart or together by its headers, our logins do; Tor does not show an empty header. */
    private static void assertLoginsForHeaders(List<Duel.Outcome> outcomes) {
        Map<List<String>, Set<List<String>>> ours = new HashMap<>();
        outcomes.stream().filter(outcome -> !outcome.leftStream().isEmpty() && !outcome.rightStream().isEmpty())
                .forEach(outcome -> ours.computeIfAbsent(Difference.login(outcome.leftStream()),
                        unused -> new HashSet<>()).add(Difference.login(outcome.rightStream())));
        assertTrue(ours.size() > 10, ours::toString);
        ours.forEach((tors, logins) -> assertEquals(tors.isEmpty() ? 2 : 1, logins.size(), ours::toString));
        Set<List<String>> all = new HashSet<>();
        ours.values().forEach(all::addAll);
        assertEquals(ours.size() + 1, all.size(), ours::toString);
    }

    @TestFactory
    Stream<DynamicTest> shouldServeConnectWhereTorDoesNot() throws Exception {
        return tests("permitted.txt", Port.SOCKS, Port.SOCKS, false, EnumSet.of(Difference.CONNECT_IS_SERVED));
    }

    @TestFactory
    Stream<DynamicTest> shouldPassOnWhatTorSaysOfOnionAddresses() throws Exception {
        return Stream.of(tests("onions.txt", Port.EXTENDED_ERRORS, Port.EXTENDED_ERRORS, false, NONE),
                tests("onions.txt", Port.SOCKS, Port.SOCKS, false, NONE),
                tests("onions.txt", Port.ONION_ONLY, Port.ONION_ONLY, false, NONE)).flatMap(tests -> tests);
    }

    /** That they came at all: the comparison alone would be content with none. */
    @Test
    void shouldSeeEveryExtendedErrorThatOnionAddressesCanBeMadeToGive() throws Exception {
        Map<String, byte[]> names = arena.targets.names();
        names.putAll(arena.onions().names());
        Map<String, String> codes = Map.of("missing", "f0", "locked", "f4", "wrongkey", "f5", "bad", "f6");
        List<Script> scripts = codes.keySet().stream().map(name -> Script.parse(name,
                "050100 ~ 05010003 3e {" + name + "} 0050", names)).toList();
        for (Duel.Outcome outcome : arena.play(scripts, arena.tor(Port.EXTENDED_ERRORS),
                arena.qtop(Port.EXTENDED_ERRORS, false), Duel.Outcome::equal)) {
            String code = codes.get(outcome.script().name());
            assertTrue(outcome.right().startsWith("050005" + code) && outcome.equal(), outcome::toString);
        }
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsATorThatRefusesAddresses() throws Exception {
        arena.log.command("SETCONF SafeSocks=1");
        try {
            return tests("flags.txt", Port.SOCKS, Port.SOCKS, false, NONE);
        } finally {
            arena.log.command("RESETCONF SafeSocks");
        }
    }

    @TestFactory
    Stream<DynamicTest> shouldEndWithTorWhenItHasWaitedLongEnough() throws Exception {
        arena.log.command("SETCONF SocksTimeout=2");
        try {
            return tests("timeouts.txt", Port.SOCKS, Port.SOCKS, false, NONE);
        } finally {
            arena.log.command("RESETCONF SocksTimeout");
        }
    }

    @Test
    void shouldAnswerGeneratedConversationsAsTorsSocksPort() throws Exception {
        LOG.info("{} generated conversations of the seed {}", GENERATED, SEED);
        List<Script> scripts = new Mutator(Script.read("socks.txt", arena.targets.names()), SEED).make(GENERATED);
        Set<Difference> permitted = EnumSet.of(Difference.CONNECT_IS_SERVED);
        List<Duel.Outcome> different = new ArrayList<>(arena.play(scripts, arena.tor(Port.SOCKS),
                arena.qtop(Port.SOCKS, false), outcome -> good(outcome, permitted)));
        different.removeIf(outcome -> good(outcome, permitted));
        assertEquals(List.of(), different, () -> "-Dqtop.seed=" + SEED + " repeats this: " + different);
    }

    private static Stream<DynamicTest> tests(String cases, Port tor, Port qtop, boolean withHttpPort,
            Set<Difference> permitted) throws Exception {
        return tests(cases, arena.tor(tor), arena.qtop(qtop, withHttpPort), permitted);
    }

    private static Stream<DynamicTest> tests(String cases, Duel.Proxy tor, Duel.Proxy qtop, Set<Difference> permitted)
            throws Exception {
        return tests(play(cases, tor, qtop, permitted), qtop, permitted);
    }

    private static List<Duel.Outcome> play(String cases, Duel.Proxy tor, Duel.Proxy qtop, Set<Difference> permitted)
            throws Exception {
        Map<String, byte[]> names = arena.targets.names();
        if (cases.equals("onions.txt")) {
            names.putAll(arena.onions().names());
        }
        return arena.play(Script.read(cases, names), tor, qtop, outcome -> good(outcome, permitted));
    }

    private static Stream<DynamicTest> tests(List<Duel.Outcome> outcomes, Duel.Proxy qtop, Set<Difference> permitted) {
        return outcomes.stream().map(outcome -> DynamicTest.dynamicTest(
                qtop.name() + ": " + outcome.script().name(),
                () -> assertTrue(good(outcome, permitted), outcome::toString)));
    }

    private static boolean good(Duel.Outcome outcome, Set<Difference> permitted) {
        return outcome.equal() || permitted.stream().anyMatch(difference -> difference.explains(outcome));
    }
}
