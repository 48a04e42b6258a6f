package org.qtop.engine.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qtop.engine.Seeds;
import org.qtop.engine.verify.ReleaseRecord;
import org.qtop.engine.verify.ReleaseVerifier;

/** The engine against a slow model in whole numbers of any size, which knows nothing of wrapping arithmetic. */
class EngineModelTest {

    private static final BigInteger TURN = BigInteger.ONE.shiftLeft(64);
    private static final int STEPS = 1_000_000;

    private final SplittableRandom random = Seeds.random();
    private final ReleaseVerifier verifier = new ReleaseVerifier();
    /** The least recently bound first. */
    private final Map<Long, Model> models = new LinkedHashMap<>(16, 0.75f, true);
    private final ArrayDeque<Planned> planned = new ArrayDeque<>();
    private final Binding binding = new Binding();
    private TopologicalTimingEngine engine;
    private int limit;
    private long lastSeed;
    private long evicted;

    private record Planned(long stream, long advance, long hold) {
    }

    private static final class Model {
        BigInteger first;
        BigInteger sum = BigInteger.ZERO;
        long bindings;

        BigInteger position() {
            return first.add(sum);
        }

        CircuitPath path(long circuit) {
            return new CircuitPath(circuit, first.longValue(), position().mod(TURN).longValue(),
                    position().divide(TURN).longValueExact(), bindings);
        }
    }

    @ParameterizedTest
    @CsvSource({"uniform:100000:10000000, 50", "exponential:0:60000000000:9000000000, 1500"})
    void shouldAgreeWithTheModelAndPassTheVerifier(String text, int maxCircuits) {
        HoldLaw law = HoldLaw.parse(text);
        limit = maxCircuits;
        engine = new TopologicalTimingEngine(this::nextSeed, law, 2 * Math.PI, maxCircuits);
        for (int step = 0; step < STEPS; step++) {
            step(law);
        }
        assertEquals(evicted, engine.evicted());
        assertEquals(0, verifier.violations());
        assertEquals(models.size(), engine.circuits());
        List<CircuitPath> expected = new ArrayList<>();
        models.forEach((circuit, model) -> expected.add(model.path(circuit)));
        assertEquals(expected, engine.paths());
    }

    private void step(HoldLaw law) {
        long circuit = random.nextInt(2 * limit);
        int choice = random.nextInt(1_000_000);
        if (choice < 20) {
            engine.closeAll();
            models.keySet().forEach(verifier::closed);
            models.clear();
        } else if (choice < 50_000) {
            close(circuit);
        } else if (choice < 300_000 && planned.size() < 100) {
            plan(law, 0);
        } else if (choice < 600_000 && !planned.isEmpty()) {
            bind(law, circuit, random.nextBoolean() ? planned.pollFirst() : planned.pollLast());
        } else if (choice < 800_000) {
            bind(law, circuit, plan(law, circuit));
            planned.pollLast();
        } else {
            long stream = random.nextLong();
            long hold = engine.computeDelay(circuit, stream);
            long advance = advance(circuit, stream);
            assertEquals(law.quantile(advance), hold);
            Model model = move(circuit, advance);
            assertEquals(model.path(circuit), engine.path(circuit));
            CircuitPath path = engine.path(circuit);
            check(law, circuit, new Planned(stream, advance, hold), path.phase() - advance, path);
        }
    }

    private Planned plan(HoldLaw law, long circuit) {
        long stream = random.nextLong();
        long advance = engine.advance(circuit, stream);
        assertEquals(advance(circuit, stream), advance);
        Planned plan = new Planned(stream, advance, engine.holdNanos(advance));
        assertEquals(law.quantile(advance), plan.hold());
        planned.addLast(plan);
        return plan;
    }

    private void bind(HoldLaw law, long circuit, Planned plan) {
        BigInteger before = models.containsKey(circuit) ? models.get(circuit).position().mod(TURN) : null;
        engine.bind(circuit, plan.advance(), binding);
        CircuitPath path = move(circuit, plan.advance()).path(circuit);
        assertEquals(circuit, binding.circuit());
        assertEquals(path.phase(), binding.phase());
        assertEquals(path.winding(), binding.winding());
        assertEquals(path.bindings(), binding.n());
        assertEquals(before == null ? path.firstPhase() : before.longValue(), binding.from());
        check(law, circuit, plan, binding.from(), path);
    }

    private Model move(long circuit, long advance) {
        Model model = models.get(circuit);
        if (model == null) {
            if (models.size() == limit) {
                models.remove(models.keySet().iterator().next());
                evicted++;
            }
            model = new Model();
            model.first = unsigned(engine.path(circuit).firstPhase());
            models.put(circuit, model);
        }
        model.sum = model.sum.add(unsigned(advance));
        model.bindings++;
        return model;
    }

    private void close(long circuit) {
        CircuitPath path = engine.close(circuit);
        Model model = models.remove(circuit);
        if (model == null) {
            assertNull(path);
            return;
        }
        assertEquals(model.path(circuit), path);
        // The identity, written out: the sum of the advances is W turns and what lies between the ends.
        assertEquals(model.sum, BigInteger.valueOf(path.winding()).multiply(TURN)
                .add(unsigned(path.phase())).subtract(unsigned(path.firstPhase())));
        BigInteger closing = unsigned(path.firstPhase()).subtract(unsigned(path.phase())).mod(TURN);
        BigInteger[] turns = model.sum.add(closing).divideAndRemainder(TURN);
        assertEquals(BigInteger.ZERO, turns[1]);
        assertEquals(turns[0].longValueExact(), path.closedTurns());
        assertEquals(Set.of(), verifier.closed(circuit, path.phase(), path.winding(), path.bindings()));
    }

    private void check(HoldLaw law, long circuit, Planned plan, long from, CircuitPath path) {
        assertEquals(Set.of(), verifier.check(new ReleaseRecord(plan.stream(), circuit, plan.advance(), plan.hold(),
                random.nextInt(1_000), from, path.phase(), path.winding(), path.bindings(), law.toString())));
    }

    private long nextSeed() {
        lastSeed = random.nextLong() >>> random.nextInt(64);
        return lastSeed;
    }

    private long advance(long circuit, long stream) {
        BigInteger golden = new BigInteger("9e3779b97f4a7c15", 16);
        BigInteger inner = finish(unsigned(circuit).add(golden).mod(TURN));
        BigInteger mixed = finish(inner.add(unsigned(stream)).add(golden).mod(TURN));
        return unsigned(lastSeed).add(mixed).mod(TURN).longValue();
    }

    private static BigInteger finish(BigInteger value) {
        BigInteger z = value.xor(value.shiftRight(30)).multiply(new BigInteger("bf58476d1ce4e5b9", 16)).mod(TURN);
        z = z.xor(z.shiftRight(27)).multiply(new BigInteger("94d049bb133111eb", 16)).mod(TURN);
        return z.xor(z.shiftRight(31));
    }

    private static BigInteger unsigned(long value) {
        return BigInteger.valueOf(value).mod(TURN);
    }
}
