package org.qtop.bench.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

class ControlsTest {

    private static final AttackSettings SETTINGS = AttackSettings.smoke(3)
            .withSpacings(List.of(new Spacing(1_000_000, 1), new Spacing(10_000_000, 1)));
    private static final Dataset DATA = new Dataset("plain", new Synthetic(1).flows(300));

    static Stream<Attack> attacks() {
        return Attacks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void shouldPassSoundAttacks(Attack attack) {
        List<Controls.Outcome> outcomes = new Controls(SETTINGS).of(attack, DATA);
        assertTrue(outcomes.size() >= 2);
        outcomes.forEach(outcome -> assertTrue(outcome.passed(), outcome::toString));
    }

    /** An attack on both ends that scores as it is told. */
    private static Attack scoring(PairScorer scorer) {
        return new CorrelationAttack("broken", "a test, 2026", false) {
            @Override
            PairScorer train(List<Flow> training, List<Flow> validation, AttackSettings settings, long seed) {
                return scorer;
            }
        };
    }

    private static List<String> failed(Attack attack) {
        return new Controls(SETTINGS).of(attack, DATA).stream().filter(outcome -> !outcome.passed())
                .map(Controls.Outcome::control).toList();
    }

    @Test
    void shouldNoticeAConstantScore() {
        assertEquals(List.of("destinations see the guard's view"),
                failed(scoring(flows -> new float[flows.size()][flows.size()])));
    }

    @Test
    void shouldNoticeAReversedScore() {
        PairScorer sound = LaggedAttack.pearson().train(List.of(), List.of(), SETTINGS, 1);
        assertEquals(List.of("destinations see the guard's view"), failed(scoring(flows -> {
            float[][] scores = sound.score(flows);
            for (float[] row : scores) {
                for (int j = 0; j < row.length; j++) {
                    row[j] = -row[j];
                }
            }
            return scores;
        })));
    }

    /** A cheat: it takes the order in which flows are handed over for what it sees. */
    @Test
    void shouldNoticeAScoreThatKnowsTheAnswer() {
        assertEquals(List.of("destinations exchanged", "constant rate at the guard"), failed(scoring(flows -> {
            float[][] scores = new float[flows.size()][flows.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i][i] = 1;
            }
            return scores;
        })));
    }

    /** With every visit twice, once to learn by heart: refused, and where it is not, the control fails. */
    @Test
    void shouldNoticeALeakySplit() {
        List<Flow> leaky = new ArrayList<>();
        List<Flow> once = new Synthetic(6).flows(100);
        for (int copy = 0; copy < 3; copy++) {
            for (Flow flow : once) {
                leaky.add(new Flow(leaky.size(), leaky.size() / 5, flow.label(), flow.startNanos() + copy * 10_000
                        * Synthetic.MILLI * 1000, Trace.EMPTY, flow.guard(), flow.destination()));
            }
        }
        String message = assertThrows(IllegalArgumentException.class, () -> Split.of(leaky)).getMessage();
        assertTrue(message.contains("its trace is also in training"), message);
        assertFalse(new Controls(SETTINGS).of(byHeart(once), new Dataset("leaky", once)).stream()
                .allMatch(Controls.Outcome::passed));
    }

    /** Has seen all of a run, the test flows included, and knows which guard's bytes went with which destination's. */
    private static Attack byHeart(List<Flow> seen) {
        List<Flow> exchanged = new Altered(seen, SETTINGS).destinationsExchanged();
        Map<Trace, Integer> guards = new HashMap<>();
        Map<Trace, Integer> destinations = new HashMap<>();
        exchanged.forEach(flow -> guards.put(flow.guard(), flow.id()));
        exchanged.forEach(flow -> destinations.put(flow.destination(), flow.id()));
        return scoring(flows -> {
            float[][] scores = new float[flows.size()][flows.size()];
            for (int i = 0; i < scores.length; i++) {
                for (int j = 0; j < scores.length; j++) {
                    Integer known = guards.get(flows.get(j).guard());
                    scores[i][j] = known != null && known.equals(destinations.get(flows.get(i).destination())) ? 1 : 0;
                }
            }
            return scores;
        });
    }

    @Test
    void shouldNoticeANamerThatAlwaysNamesOneSite() {
        Attack stubborn = new FingerprintAttack("stubborn", "a test, 2026") {
            @Override
            float[] features(Flow flow) {
                return new float[1];
            }

            @Override
            Namer train(Examples training, Examples validation, int classes, AttackSettings settings, long seed) {
                return features -> 0;
            }
        };
        assertEquals(List.of("labels written into the traces"), failed(stubborn));
    }
}
