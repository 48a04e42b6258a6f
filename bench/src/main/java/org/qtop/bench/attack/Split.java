package org.qtop.bench.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.Trace;

/**
 * The flows of one mode, parted for training, validation and test so that nothing leaks from one part into the next: no
 * circuit and no trace is in two parts, and every flow of a part began before every flow of the next. Not thread-safe:
 * the test flows are handed out once.
 */
public final class Split {

    /** Share of the flows that is for training. */
    public static final double TRAINING = 0.6;
    /** Share of the flows that is for choosing thresholds. */
    public static final double VALIDATION = 0.2;

    private final List<Flow> training;
    private final List<Flow> validation;
    private final List<Flow> test;
    private final int leftOut;
    private boolean taken;

    private Split(List<Flow> training, List<Flow> validation, List<Flow> test, int leftOut) {
        this.training = List.copyOf(training);
        this.validation = List.copyOf(validation);
        this.test = List.copyOf(test);
        this.leftOut = leftOut;
        refuseLeak(this.training, this.validation, "training", "validation");
        refuseLeak(this.training, this.test, "training", "test");
        refuseLeak(this.validation, this.test, "validation", "test");
    }

    /**
     * Parts flows 60/20/20 in the order in which their circuits were first used. Flows that began on an early part's
     * circuit when the next part had begun already are left out.
     *
     * @param flows of one mode, in any order
     * @return the parts
     * @throws IllegalArgumentException if there are too few circuits for three parts, or one trace is there twice
     */
    public static Split of(List<Flow> flows) {
        Map<Integer, List<Flow>> circuits = new LinkedHashMap<>();
        flows.stream().sorted(Comparator.comparingLong(Flow::startNanos).thenComparingInt(Flow::id))
                .forEach(flow -> circuits.computeIfAbsent(flow.circuit(), any -> new ArrayList<>()).add(flow));
        List<List<Flow>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        long[] end = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};
        int part = 0;
        int seen = 0;
        for (List<Flow> circuit : circuits.values()) {
            double before = (double) seen / flows.size();
            int next = before < TRAINING ? 0 : before < TRAINING + VALIDATION ? 1 : 2;
            while (part < next) {
                end[part++] = circuit.get(0).startNanos();
            }
            parts.get(part).addAll(circuit);
            seen += circuit.size();
        }
        for (int i = 0; i < parts.size(); i++) {
            long until = end[i];
            parts.get(i).removeIf(flow -> flow.startNanos() >= until);
        }
        int kept = parts.stream().mapToInt(List::size).sum();
        return new Split(parts.get(0), parts.get(1), parts.get(2), flows.size() - kept);
    }

    /**
     * Takes parts that were made elsewhere, if nothing leaks between them.
     *
     * @param training flows to train on
     * @param validation later flows to choose thresholds on
     * @param test still later flows to test on
     * @return the parts
     * @throws IllegalArgumentException if a part is empty, two parts share a flow, a circuit or a trace, or a flow
     *     began no later than one of an earlier part; the message names the leak
     */
    public static Split of(List<Flow> training, List<Flow> validation, List<Flow> test) {
        return new Split(training, validation, test, 0);
    }

    private static void refuseLeak(List<Flow> early, List<Flow> late, String earlyName, String lateName) {
        if (early.isEmpty() || late.isEmpty()) {
            throw new IllegalArgumentException("no flow for " + (early.isEmpty() ? earlyName : lateName)
                    + ": a split needs at least three circuits that began at different times");
        }
        Set<Integer> ids = new HashSet<>();
        Set<Integer> circuits = new HashSet<>();
        Map<Trace, Integer> traces = new HashMap<>();
        long last = Long.MIN_VALUE;
        for (Flow flow : early) {
            ids.add(flow.id());
            circuits.add(flow.circuit());
            remember(traces, flow);
            last = Math.max(last, flow.startNanos());
        }
        for (Flow flow : late) {
            String leak = ids.contains(flow.id()) ? "itself" : circuits.contains(flow.circuit()) ? "its circuit"
                    : flow.startNanos() <= last ? "its time" : known(traces, flow) ? "its trace" : null;
            if (leak != null) {
                throw new IllegalArgumentException("flow " + flow.id() + " of " + lateName + " leaks: " + leak
                        + " is also in " + earlyName);
            }
        }
    }

    private static void remember(Map<Trace, Integer> traces, Flow flow) {
        traces.put(flow.guard(), flow.id());
        traces.put(flow.destination(), flow.id());
    }

    /** Measured times are in nanoseconds: two flows never look alike unless one is a copy. */
    private static boolean known(Map<Trace, Integer> traces, Flow flow) {
        return flow.guard().size() > 0 && traces.containsKey(flow.guard())
                || flow.destination().size() > 0 && traces.containsKey(flow.destination());
    }

    /**
     * What to train on.
     *
     * @return immutable list, by circuit
     */
    public List<Flow> training() {
        return training;
    }

    /**
     * What to choose thresholds and variants on.
     *
     * @return immutable list, by circuit
     */
    public List<Flow> validation() {
        return validation;
    }

    /**
     * What to test on, once.
     *
     * @return immutable list, by circuit
     * @throws IllegalStateException if it was taken before: whoever looks twice, chooses by the test
     */
    public List<Flow> test() {
        if (taken) {
            throw new IllegalStateException("the test flows were taken already");
        }
        taken = true;
        return test;
    }

    /**
     * How many flows are in no part, for they began on an earlier part's circuit too late.
     *
     * @return 0 or more
     */
    public int leftOut() {
        return leftOut;
    }
}
