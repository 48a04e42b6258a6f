package org.qtop.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.qtop.bench.trace.Flow;
import org.qtop.bench.trace.FlowStore;

/**
 * Takes flows: gives the clients stretches of a few flows of one mode, all modes in random order within each round, so
 * that a change of the machine's mood hits all modes alike. What is there already is not taken again. Thread-safe.
 */
final class Capture implements AutoCloseable {

    private static final int ATTEMPTS = 3;
    /** So many failures of all kinds in a row at one client mean that something is broken. */
    private static final int MOST_FAILURES = 12;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long TOLD_EVERY_MILLIS = 10_000;

    /** A stretch: flows of one mode that one client takes one after the other. */
    private record Unit(Task task, Mode mode, int number, List<Integer> ids) {
    }

    private final Path folder;
    private final Orders orders;
    private final Consumer<String> say;
    private final long deadline;
    private final Map<Task, Map<Mode, FlowStore>> stores = new EnumMap<>(Task.class);
    private final Queue<Unit> units = new ConcurrentLinkedQueue<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private int wanted;
    private volatile IOException broken;

    /**
     * Plans.
     *
     * @param folder where the flows are kept, a file for each task and mode
     * @param deadlineNanos when to begin no more, by System.nanoTime
     */
    Capture(Path folder, Orders orders, Map<Task, Integer> counts, List<Mode> modes, long deadlineNanos,
            Consumer<String> say) throws IOException {
        this.folder = folder;
        this.orders = orders;
        this.say = say;
        this.deadline = deadlineNanos;
        Files.createDirectories(folder);
        List<List<Unit>> byTask = new ArrayList<>();
        for (Map.Entry<Task, Integer> count : counts.entrySet()) {
            Task task = count.getKey();
            Map<Mode, FlowStore> open = new EnumMap<>(Mode.class);
            for (Mode mode : task.modes()) {
                if (modes.contains(mode)) {
                    open.put(mode, FlowStore.open(file(folder, task, mode)));
                }
            }
            stores.put(task, open);
            byTask.add(plan(task, open, count.getValue(), orders.seed()));
        }
        byTask.forEach(units::addAll);
        wanted = units.stream().mapToInt(unit -> unit.ids().size()).sum();
    }

    static Path file(Path folder, Task task, Mode mode) {
        return folder.resolve(task.key() + "-" + mode.key() + ".flows");
    }

    static Path cpuFile(Path folder, Task task, Mode mode) {
        return folder.resolve(task.key() + "-" + mode.key() + ".cpu");
    }

    private static List<Unit> plan(Task task, Map<Mode, FlowStore> open, int count, long seed) {
        List<Unit> all = new ArrayList<>();
        var random = Draws.of(seed, "order " + task.key());
        for (int first = 0; first < count; first += task.block()) {
            List<Unit> round = new ArrayList<>();
            for (Map.Entry<Mode, FlowStore> mode : open.entrySet()) {
                List<Integer> ids = new ArrayList<>();
                for (int id = first; id < Math.min(count, first + task.block()); id++) {
                    if (!mode.getValue().contains(id)) {
                        ids.add(id);
                    }
                }
                int number = (first / task.block()) * Mode.values().length + mode.getKey().ordinal();
                if (!ids.isEmpty()) {
                    round.add(new Unit(task, mode.getKey(), number, ids));
                }
            }
            Draws.shuffle(round, random);
            all.addAll(round);
        }
        return all;
    }

    /** Whether all flows are there already. */
    boolean complete() {
        return units.isEmpty();
    }

    /** Takes what is missing; returns how many flows were given up after three attempts. */
    int run(List<LabClient> clients) throws IOException, InterruptedException {
        List<Thread> threads = new ArrayList<>();
        long begun = System.nanoTime();
        for (LabClient client : clients) {
            Thread thread = new Thread(() -> serve(client), "lab-client-" + threads.size());
            threads.add(thread);
            thread.start();
        }
        try {
            for (Thread thread : threads) {
                while (thread.isAlive()) {
                    thread.join(TOLD_EVERY_MILLIS);
                    tell(begun);
                }
            }
        } finally {
            units.clear();
            threads.forEach(Thread::interrupt);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        if (broken != null) {
            throw broken;
        }
        return lost.get();
    }

    /** How many flows were not begun because the time was up, once {@link #run} has returned. */
    int unbegun() {
        return wanted - taken.get() - lost.get();
    }

    private void tell(long begun) {
        int done = taken.get() + lost.get();
        double seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
        double left = done == 0 ? Double.NaN : seconds / done * (wanted - done);
        double most = (deadline - System.nanoTime()) / NANOS_PER_SECOND;
        say.accept(done + " of " + wanted + " flows taken, " + Words.span(Math.min(left, Math.max(0, most)))
                + " left" + (lost.get() == 0 ? "" : ", " + lost.get() + " given up"));
    }

    /** Closes the files. */
    @Override
    public void close() throws IOException {
        for (Map<Mode, FlowStore> open : stores.values()) {
            for (FlowStore store : open.values()) {
                store.close();
            }
        }
    }

    private void serve(LabClient client) {
        int failures = 0;
        try {
            for (Unit unit = units.poll(); unit != null && broken == null; unit = units.poll()) {
                if (deadline - System.nanoTime() <= 0) {
                    return;
                }
                failures = serve(client, unit) ? 0 : failures + 1;
                if (failures > MOST_FAILURES) {
                    throw new IOException("a client failed " + failures + " times in a row");
                }
            }
        } catch (IOException fault) {
            broken = fault;
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether any flow came of it. */
    private boolean serve(LabClient client, Unit unit) throws IOException, InterruptedException {
        int before = taken.get();
        int got = 0;
        try {
            client.enter(unit.mode());
            if (unit.task() == Task.ACTION) {
                warmUp(client, unit);
            }
            for (int id : unit.ids()) {
                got += take(client, unit, id) ? 1 : 0;
            }
        } catch (IOException fault) {
            say.accept("a stretch of " + unit.mode().key() + " was not begun: " + fault.getMessage());
            lost.addAndGet(unit.ids().size());
        } finally {
            long cpu = client.leave();
            if (got > 0) {
                Costs.note(cpuFile(folder, unit.task(), unit.mode()), got, cpu);
            }
        }
        return taken.get() > before;
    }

    /** The circuit is there, and has carried something. */
    private void warmUp(LabClient client, Unit unit) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 2; attempt++) {
            client.run(orders.order(unit.task(), unit.number(), unit.ids().get(0)));
        }
    }

    private boolean take(LabClient client, Unit unit, int id) throws IOException, InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Thread.sleep(orders.pauseMillis(unit.task(), id));
            try {
                Flow flow = client.run(orders.order(unit.task(), unit.number(), id));
                Testbed.requireViews(flow);
                stores.get(unit.task()).get(unit.mode()).add(flow);
                taken.incrementAndGet();
                return true;
            } catch (IOException failed) {
                if (attempt == ATTEMPTS) {
                    say.accept(unit.mode().key() + ": " + failed.getMessage());
                }
            }
        }
        lost.incrementAndGet();
        return false;
    }
}
